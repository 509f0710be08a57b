import type { ParameterValues } from '../../protocol/parameter';
import type { PreviewPicture } from '../../protocol/preview';
import type { Bridge } from './bridge/bridge';
import type { MadeLayer } from './job';
import { Observable } from './observable';

/** What a slider that moves shows: the latest picture there is; `null` before the first. */
export type LiveState = PreviewPicture | null;

/** The layer that is edited, its codes as they were before any edit. */
export type LiveLayer = Pick<MadeLayer, 'model' | 'placing'> & {
  readonly source: NonNullable<MadeLayer['source']>;
};

/**
 * Small pictures of an edit while its sliders move. One is asked for at a time, then the latest wish:
 * what lies between is never drawn, so that the picture keeps up with the hand.
 */
export class LivePreview {
  readonly state = new Observable<LiveState>(null);
  private wanted: { readonly parameters: ParameterValues; readonly layer: LiveLayer } | null = null;
  private isAsking = false;

  constructor(
    private readonly bridge: Bridge,
    private readonly operation: string,
  ) {}

  /** Asks for a picture; resolves when the latest wish is shown. A failure leaves the last picture. */
  async show(parameters: ParameterValues, layer: LiveLayer): Promise<void> {
    this.wanted = { parameters, layer };
    if (this.isAsking) return;
    this.isAsking = true;
    while (this.wanted) {
      const { parameters: next, layer: from } = this.wanted;
      this.wanted = null;
      await this.ask(next, from);
    }
    this.isAsking = false;
  }

  private async ask(
    parameters: ParameterValues,
    { model, source: latents, placing }: LiveLayer,
  ): Promise<void> {
    const { operation } = this;
    try {
      this.state.set(await this.bridge.preview({ operation, model, parameters, latents, placing }));
    } catch {
      // The layer that is made when the hand rests tells what is wrong.
    }
  }
}
