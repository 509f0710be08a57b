import type { Raster } from '../../../../protocol/raster';
import type { Layer, LayerMask, PixelLayer } from '../document/layer';
import type { Calls } from '../worker/calls';

interface Painted {
  readonly mask: LayerMask | null;
  readonly bitmap: ImageBitmap | null;
}

/** Layers as the screen shows them, made once for each buffer of pixels and its mask. */
export class Bitmaps {
  private readonly painted = new WeakMap<Raster, Painted>();
  private readonly masks = new WeakMap<LayerMask, Painted>();

  constructor(
    private readonly worker: Pick<Calls, 'paint'>,
    /** Called when a bitmap that was missing is there. */
    private readonly onReady: () => void,
  ) {}

  /** `null` while it is being painted, and for an empty layer. */
  of(layer: PixelLayer): ImageBitmap | null {
    const known = this.painted.get(layer.pixels);
    if (known && known.mask === layer.mask) return known.bitmap;
    if (layer.pixels.width === 0 || layer.pixels.height === 0) return null;
    void this.paint(layer);
    return known?.bitmap ?? null;
  }

  /** A group's mask as white with the mask as alpha. */
  ofMask(mask: LayerMask): ImageBitmap | null {
    const known = this.masks.get(mask);
    if (known) return known.bitmap;
    this.masks.set(mask, { mask, bitmap: null });
    const { width, height } = mask.mask;
    const pixels = { width, height, data: new Uint8Array(width * height * 4).fill(255) };
    void this.worker.paint({ bounds: mask.bounds, pixels, mask }).then((bitmap) => {
      this.masks.set(mask, { mask, bitmap });
      this.onReady();
    });
    return null;
  }

  /** Paints every layer that is shown, so that an export misses none. */
  async ready(layers: readonly Layer[]): Promise<void> {
    for (const layer of layers) {
      if (layer.kind === 'group') {
        await this.ready(layer.children);
        if (layer.mask && !this.masks.get(layer.mask)?.bitmap) this.ofMask(layer.mask);
      } else if (!this.painted.get(layer.pixels)?.bitmap && layer.pixels.width > 0) {
        await this.paint(layer);
      }
    }
  }

  private async paint({ bounds, pixels, mask }: PixelLayer): Promise<void> {
    this.painted.set(pixels, { mask, bitmap: this.painted.get(pixels)?.bitmap ?? null });
    const bitmap = await this.worker.paint({ bounds, pixels, mask });
    // The mask may have changed meanwhile: then this one is already out of date.
    if (this.painted.get(pixels)?.mask !== mask) return;
    this.painted.set(pixels, { mask, bitmap });
    this.onReady();
  }
}
