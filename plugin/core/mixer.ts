import { PspError, toPspError, type ErrorShape } from '../../protocol/errors';
import type { Region } from '../../protocol/job';
import type { OperationDeclaration } from '../../protocol/operation';
import { completeParameters, type ParameterValues } from '../../protocol/parameter';
import { usesSelection } from '../../protocol/placing';
import type { Bridge, BridgeRun } from './bridge/bridge';
import type { DocumentHost } from './document';
import type { Job, MadeLayer } from './job';
import { Observable } from './observable';
import { asNewLayer, codesOf, describeLayer } from './runOrder';

export type MixState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'mixing' }
  | { readonly kind: 'failed'; readonly error: ErrorShape };

interface MixedLayer {
  /** Its order and the layer it was made of. */
  readonly job: Pick<Job, 'order' | 'target'>;
  readonly layer: MadeLayer;
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
  private wanted: ParameterValues | null = null;
  private current: BridgeRun | null = null;
  private readonly isOwnOperation: boolean;

  constructor(
    private readonly host: DocumentHost,
    private readonly bridge: Bridge,
    private readonly operation: OperationDeclaration,
    private readonly mixed: MixedLayer,
    private readonly onMixed: (layer: MadeLayer) => void,
  ) {
    this.isOwnOperation = mixed.job.order.operation.id === operation.id;
  }

  /** What the layer was last mixed or drawn with, its own seed among it; `null` where nothing was drawn. */
  get drawnWith(): ParameterValues | null {
    const { job, layer } = this.mixed;
    if (layer.mix) return layer.mix.values;
    if (!this.isOwnOperation || layer.seed === null) return null;
    return { ...job.order.parameters, seed: layer.seed };
  }

  /** Declared parameters that make sense for one layer: how many is not asked. */
  get parameters(): OperationDeclaration['parameters'] {
    return this.operation.parameters.filter((parameter) => parameter.name !== 'variants');
  }

  /** Asks for a mix; resolves when no wish is left. */
  async mix(values: ParameterValues): Promise<void> {
    this.wanted = values;
    if (this.state.value.kind === 'mixing') {
      this.current?.cancel();
      return;
    }
    this.state.set({ kind: 'mixing' });
    let state: MixState = { kind: 'idle' };
    while (this.wanted) {
      const next: ParameterValues = this.wanted;
      this.wanted = null;
      state = await this.attempt(next);
    }
    this.state.set(state);
  }

  private async attempt(values: ParameterValues): Promise<MixState> {
    try {
      await this.make(values);
      return { kind: 'idle' };
    } catch (thrown) {
      const error = toPspError(thrown);
      return error.code === 'CANCELLED' ? { kind: 'idle' } : { kind: 'failed', error };
    } finally {
      this.current = null;
    }
  }

  private async make(values: ParameterValues): Promise<void> {
    const { job, layer, model } = this.mixed;
    const { region, handle } = layer;
    const several = this.operation.parameters.some((parameter) => parameter.name === 'variants');
    const parameters = completeParameters(this.operation, {
      ...values,
      ...(several ? { variants: 1 } : {}),
    });
    const pixels = await this.host.readRegion(job.target, region.bounds);
    // The codes of a variant are drawn already: the bridge still has those they were drawn from.
    const from = layer.mix ? layer.mix.from : layer.latents;
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
    if (!(await this.host.exists(handle))) {
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
    this.onMixed({
      ...describeLayer(patch, handle, [mixedRegion], codes),
      variant: layer.variant,
      mix: { values, from },
    });
  }
}
