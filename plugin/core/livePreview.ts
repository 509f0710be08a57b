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

interface Wish {
  readonly parameters: ParameterValues;
  readonly layer: LiveLayer;
  readonly isSeen: boolean;
}

/**
 * Small pictures of an edit while its sliders move. One is asked for at a time, then the latest wish:
 * what lies between is never drawn, so that the picture keeps up with the hand.
 */
export class LivePreview {
  readonly state = new Observable<LiveState>(null);
  private wanted: Wish | null = null;
  private isAsking = false;

  constructor(
    private readonly bridge: Bridge,
    private readonly operation: string,
  ) {}

  /** Asks for a picture; resolves when the latest wish is shown. A failure leaves the last picture. */
  show(parameters: ParameterValues, layer: LiveLayer): Promise<void> {
    return this.follow({ parameters, layer, isSeen: true });
  }

  /** Takes the picture away: the layer is another one by now. */
  clear(): void {
    this.state.set(null);
  }

  /**
   * Asks for a picture that nobody sees: what the bridge draws once for a layer, and whatever is slow the
   * first time, is over when a slider is taken in hand.
   */
  prepare(parameters: ParameterValues, layer: LiveLayer): Promise<void> {
    return this.isAsking ? Promise.resolve() : this.follow({ parameters, layer, isSeen: false });
  }

  private async follow(wish: Wish): Promise<void> {
    this.wanted = wish;
    if (this.isAsking) return;
    this.isAsking = true;
    while (this.wanted) {
      const next: Wish = this.wanted;
      this.wanted = null;
      await this.ask(next);
    }
    this.isAsking = false;
  }

  private async ask({ parameters, layer, isSeen }: Wish): Promise<void> {
    const { operation } = this;
    const { model, source: latents, placing } = layer;
    try {
      const asked = { operation, model, parameters, latents, placing };
      const picture = await this.bridge.preview(asked);
      if (isSeen) this.state.set(picture);
    } catch {
      // The layer that is made when the hand rests tells what is wrong.
    }
  }
}
