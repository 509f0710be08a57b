import { PspError, toPspError, type ErrorShape } from '../../protocol/errors';
import type { Region } from '../../protocol/job';
import type { OperationDeclaration } from '../../protocol/operation';
import { completeParameters, type ParameterValues } from '../../protocol/parameter';
import { usesSelection } from '../../protocol/placing';
import type { Bridge, BridgeRun } from './bridge/bridge';
import type { DocumentHost } from './document';
import type { Job, MadeLayer } from './job';
import { Observable } from './observable';
import { asNewLayer, codesOf, describeLayer, revisionOf } from './runOrder';

export type MixState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'mixing' }
  | { readonly kind: 'failed'; readonly error: ErrorShape };

interface Wish {
  readonly values: ParameterValues;
  /** As it is in the document when it is wished for. */
  readonly layer: MadeLayer;
}

interface Mixing {
  /** Its order and the layer it was made of. */
  readonly job: Pick<Job, 'order' | 'target'>;
  /** The model that mixes: its decoder must be the one that drew the layer. */
  readonly model: string;
}

/**
 * Style mixing in a layer that is already there: its W+ codes are known, so that a change costs one
 * decode and puts new pixels into the same layer. While one is made only the latest wish is kept. Every
 * mix starts from the codes before any style was drawn: mixing does not pile up.
 */
export class Mixer {
  readonly state = new Observable<MixState>({ kind: 'idle' });
  private wanted: Wish | null = null;
  private current: BridgeRun | null = null;
  private readonly isOwnOperation: boolean;

  constructor(
    private readonly host: DocumentHost,
    private readonly bridge: Bridge,
    private readonly operation: OperationDeclaration,
    private readonly mixing: Mixing,
    /** Told what the layer became, and what it was. */
    private readonly onMixed: (layer: MadeLayer, replaced: MadeLayer) => void,
  ) {
    this.isOwnOperation = mixing.job.order.operation.id === operation.id;
  }

  /** What this operation drew the layer with, its own seed among it; `null` where another drew it. */
  drawnWith({ made, seed }: Pick<MadeLayer, 'made' | 'seed'>): ParameterValues | null {
    if (made.operation.id !== this.operation.id) return null;
    return seed === null ? made.parameters : { ...made.parameters, seed };
  }

  /** Declared parameters that make sense for one layer: how many is not asked. */
  get parameters(): OperationDeclaration['parameters'] {
    return this.operation.parameters.filter((parameter) => parameter.name !== 'variants');
  }

  /** Asks for a mix; resolves when no wish is left. */
  async mix(values: ParameterValues, layer: MadeLayer): Promise<void> {
    this.wanted = { values, layer };
    if (this.state.value.kind === 'mixing') {
      this.current?.cancel();
      return;
    }
    this.state.set({ kind: 'mixing' });
    let state: MixState = { kind: 'idle' };
    while (this.wanted) {
      const next: Wish = this.wanted;
      this.wanted = null;
      state = await this.attempt(next);
    }
    this.state.set(state);
  }

  private async attempt(wish: Wish): Promise<MixState> {
    try {
      await this.make(wish);
      return { kind: 'idle' };
    } catch (thrown) {
      const error = toPspError(thrown);
      return error.code === 'CANCELLED' ? { kind: 'idle' } : { kind: 'failed', error };
    } finally {
      this.current = null;
    }
  }

  private async make({ values, layer }: Wish): Promise<void> {
    const { job, model } = this.mixing;
    const { region, handle } = layer;
    const several = this.operation.parameters.some((parameter) => parameter.name === 'variants');
    const parameters = completeParameters(this.operation, {
      ...values,
      ...(several ? { variants: 1 } : {}),
    });
    const pixels = await this.host.readRegion(job.target, region.bounds);
    // The codes of a variant are drawn already: the bridge still has those they were drawn from.
    const from = layer.mixedFrom === undefined ? layer.latents : layer.mixedFrom;
    const latents = this.isOwnOperation ? null : from;
    const hole = usesSelection(this.operation)
      ? await this.host.readSelectionMask(job.target, region.bounds)
      : null;
    const mixedRegion: Region = { ...region, pixels, hole, latents };
    const run = this.bridge.run(
      {
        operation: this.operation.id,
        model,
        parameters,
        priority: 'interactive',
        regions: [mixedRegion],
      },
      { onSending: () => undefined, onQueued: () => undefined, onProgress: () => undefined },
    );
    this.current = run;
    const { patches } = await run.result;
    const [patch] = patches;
    const codes = patch && !this.wanted ? await codesOf(run, 0) : { latents: null, source: null };
    run.forget();
    // A newer wish is on its way: this one would only flash up.
    if (!patch || this.wanted) return;
    const before = await this.host.look(handle);
    if (!before) {
      throw new PspError(
        'DOCUMENT_CHANGED',
        `The layer "${layer.name}" is gone. Undo its removal, or make a new one.`,
      );
    }
    await this.host.replaceLayer(
      handle,
      this.operation.label,
      asNewLayer(patch, { operation: this.operation, parameters }),
    );
    this.onMixed(
      {
        ...describeLayer(patch, handle, [mixedRegion], codes),
        variant: layer.variant,
        made: { operation: this.operation, parameters },
        ...(this.isOwnOperation ? {} : { mixedFrom: from }),
        revision: await revisionOf(this.host, handle),
      },
      { ...layer, revision: before.revision },
    );
  }
}
