import type { Latents } from '../../protocol/latents';
import type { ParameterValues } from '../../protocol/parameter';
import type { PreviewPicture } from '../../protocol/preview';
import type { Bridge } from './bridge/bridge';
import { Observable } from './observable';

/** What a slider that moves shows: the latest picture there is; `null` before the first. */
export type LiveState = PreviewPicture | null;

/**
 * Small pictures of an edit while its sliders move. One is asked for at a time, then the latest wish:
 * what lies between is never drawn, so that the picture keeps up with the hand.
 */
export class LivePreview {
  readonly state = new Observable<LiveState>(null);
  private wanted: ParameterValues | null = null;
  private isAsking = false;

  constructor(
    private readonly bridge: Bridge,
    private readonly operation: string,
    private readonly model: string,
    /** As they were before any edit. */
    private readonly source: Latents,
  ) {}

  /** Asks for a picture; resolves when the latest wish is shown. A failure leaves the last picture. */
  async show(parameters: ParameterValues): Promise<void> {
    this.wanted = parameters;
    if (this.isAsking) return;
    this.isAsking = true;
    while (this.wanted) {
      const next: ParameterValues = this.wanted;
      this.wanted = null;
      await this.ask(next);
    }
    this.isAsking = false;
  }

  private async ask(parameters: ParameterValues): Promise<void> {
    const { operation, model, source: latents } = this;
    try {
      this.state.set(await this.bridge.preview({ operation, model, parameters, latents }));
    } catch {
      // The layer that is made when the hand rests tells what is wrong.
    }
  }
}
