import { PspError, toPspError, type ErrorShape } from '../../protocol/errors';
import type { ParameterValues } from '../../protocol/parameter';
import type { Bridge } from './bridge/bridge';
import type { DocumentHost, LayerHandle } from './document';
import { Observable } from './observable';
import type { Order } from './order';
import { asNewLayer } from './runOrder';

export type PlaceState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'placing' }
  | { readonly kind: 'failed'; readonly error: ErrorShape };

/**
 * Places a result again in the layer that is there: other area, feather, colours or share of the
 * photograph, no network, one undo step. While one is placed only the latest wish is kept.
 */
export class Placer {
  readonly state = new Observable<PlaceState>({ kind: 'idle' });
  private wanted: ParameterValues | null = null;

  constructor(
    private readonly host: DocumentHost,
    private readonly bridge: Bridge,
    private readonly layer: {
      readonly name: string;
      readonly handle: LayerHandle;
      readonly placing: string;
    },
    /** By which it was placed. */
    private readonly order: Pick<Order, 'operation' | 'parameters'>,
  ) {}

  /** Asks for other values; resolves when no wish is left. */
  async place(values: ParameterValues): Promise<void> {
    this.wanted = values;
    if (this.state.value.kind === 'placing') return;
    this.state.set({ kind: 'placing' });
    let state: PlaceState = { kind: 'idle' };
    while (this.wanted) {
      const next: ParameterValues = this.wanted;
      this.wanted = null;
      state = await this.make(next).then(
        (): PlaceState => ({ kind: 'idle' }),
        (error: unknown): PlaceState => ({ kind: 'failed', error: toPspError(error) }),
      );
    }
    this.state.set(state);
  }

  private async make(values: ParameterValues): Promise<void> {
    const { name, handle, placing } = this.layer;
    const patch = await this.bridge.place(placing, values);
    // A newer wish is on its way: this one would only be one more step to undo.
    if (this.wanted) return;
    if (!(await this.host.exists(handle))) {
      throw new PspError(
        'DOCUMENT_CHANGED',
        `The layer "${name}" is gone. Undo its removal, or make a new one.`,
      );
    }
    const { operation } = this.order;
    const parameters = { ...this.order.parameters, ...values };
    const content = asNewLayer(patch, { operation, parameters });
    await this.host.replaceLayer(handle, operation.label, content);
  }
}
