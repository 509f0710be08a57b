import { PspError, toPspError, type ErrorShape } from '../../protocol/errors';
import type { ParameterValues } from '../../protocol/parameter';
import type { Bridge } from './bridge/bridge';
import type { DocumentHost, LayerTarget } from './document';
import type { MadeLayer } from './job';
import { Observable } from './observable';
import { asNewLayer, describeLayer, revisionOf } from './runOrder';

export type PlaceState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'placing' }
  | { readonly kind: 'failed'; readonly error: ErrorShape };

export type PlacedLayer = MadeLayer & { readonly placing: string };

interface Wish {
  readonly values: ParameterValues;
  /** As it is in the document when it is wished for. */
  readonly layer: PlacedLayer;
}

/**
 * Places a result again in the layer that is there: other area, feather, colours or share of the
 * photograph, no network, one undo step. While one is placed only the latest wish is kept.
 */
export class Placer {
  readonly state = new Observable<PlaceState>({ kind: 'idle' });
  private wanted: Wish | null = null;

  constructor(
    private readonly host: DocumentHost,
    private readonly bridge: Bridge,
    /** Which it was made of. */
    private readonly target: LayerTarget,
    /** Told what the layer became, and what it was. */
    private readonly onPlaced: (layer: MadeLayer, replaced: MadeLayer) => void,
  ) {}

  /** Asks for other values; resolves when no wish is left. */
  async place(values: ParameterValues, layer: PlacedLayer): Promise<void> {
    this.wanted = { values, layer };
    if (this.state.value.kind === 'placing') return;
    this.state.set({ kind: 'placing' });
    let state: PlaceState = { kind: 'idle' };
    while (this.wanted) {
      const next: Wish = this.wanted;
      this.wanted = null;
      state = await this.make(next).then(
        (): PlaceState => ({ kind: 'idle' }),
        (error: unknown): PlaceState => ({ kind: 'failed', error: toPspError(error) }),
      );
    }
    this.state.set(state);
  }

  private async make({ values, layer }: Wish): Promise<void> {
    const { name, handle, placing, region, variant, latents, source } = layer;
    const patch = await this.bridge.place(placing, values);
    // A newer wish is on its way: this one would only be one more step to undo.
    if (this.wanted) return;
    const before = await this.host.look(handle);
    if (!before) {
      throw new PspError(
        'DOCUMENT_CHANGED',
        `The layer "${name}" is gone. Undo its removal, or make a new one.`,
      );
    }
    const { operation } = layer.made;
    const made = { operation, parameters: { ...layer.made.parameters, ...values } };
    await this.host.replaceLayer(handle, operation.label, asNewLayer(patch, made));
    // What it was made of may be gone: then its card keeps the pictures that it has.
    const pixels = await this.host.readRegion(this.target, region.bounds).catch(() => null);
    const placed = pixels
      ? describeLayer(patch, handle, [{ ...region, hole: null, latents: null, pixels }], {
          latents,
          source,
        })
      : layer;
    const revision = await revisionOf(this.host, handle);
    this.onPlaced(
      { ...layer, ...placed, variant, made, revision },
      { ...layer, revision: before.revision },
    );
  }
}
