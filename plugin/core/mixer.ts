import { PspError, toPspError, type ErrorShape } from '../../protocol/errors';
import { type OperationDeclaration } from '../../protocol/operation';
import { completeParameters, type ParameterValues } from '../../protocol/parameter';
import type { Bridge, BridgeRun } from './bridge';
import type { DocumentHost, LayerTarget } from './document';
import type { MadeLayer } from './job';
import { Observable } from './observable';
import { asNewLayer } from './runOrder';

export type MixState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'mixing' }
  | { readonly kind: 'failed'; readonly error: ErrorShape };

/**
 * Style mixing in a layer that is already there: its W+ codes are known, so that a change costs one
 * decode and puts new pixels into the same layer. While one is made only the latest wish is kept.
 */
export class Mixer {
  readonly state = new Observable<MixState>({ kind: 'idle' });
  private wanted: ParameterValues | null = null;
  private current: BridgeRun | null = null;

  constructor(
    private readonly host: DocumentHost,
    private readonly bridge: Bridge,
    private readonly operation: OperationDeclaration,
    private readonly target: LayerTarget,
    private readonly layer: MadeLayer,
    /** The model that mixes: its decoder must be the one that drew the layer. */
    private readonly model: string,
  ) {}

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
    const { region, latents, handle } = this.layer;
    const several = this.operation.parameters.some((parameter) => parameter.name === 'variants');
    const parameters = completeParameters(this.operation, {
      ...values,
      ...(several ? { variants: 1 } : {}),
    });
    const pixels = await this.host.readRegion(this.target, region.bounds);
    const run = this.bridge.run(
      {
        operation: this.operation.id,
        model: this.model,
        parameters,
        priority: 'interactive',
        regions: [{ ...region, pixels, hole: null, latents }],
      },
      { onQueued: () => undefined, onProgress: () => undefined },
    );
    this.current = run;
    const { patches } = await run.result;
    run.forget();
    const [patch] = patches;
    // A newer wish is on its way: this one would only flash up.
    if (!patch || this.wanted) return;
    if (!(await this.host.exists(handle))) {
      throw new PspError(
        'DOCUMENT_CHANGED',
        `The layer "${this.layer.name}" is gone. Undo its removal, or make a new one.`,
      );
    }
    await this.host.replaceLayer(handle, this.operation.label, asNewLayer(patch));
  }
}
