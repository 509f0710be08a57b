import type { Bounds } from '../../protocol/geometry';
import { rasterMax, type Mask, type Raster } from '../../protocol/raster';

/**
 * Paints a masked layer over the raster, in place: normal blending, straight alpha
 * (`αo = αs + αb(1 − αs)`, Porter and Duff's "over"). Both must have the same depth; what reaches
 * outside the raster is left out.
 * @param bounds of the layer, in the raster's pixels
 */
export function compositeLayer(target: Raster, layer: Raster, mask: Mask, bounds: Bounds): void {
  const max = rasterMax(target);
  const { data } = target;
  const fromX = Math.max(0, bounds.left);
  const toX = Math.min(target.width, bounds.right);
  for (let y = Math.max(0, bounds.top); y < Math.min(target.height, bounds.bottom); y += 1) {
    for (let x = fromX; x < toX; x += 1) {
      const at = (y - bounds.top) * layer.width + x - bounds.left;
      const above = ((layer.data[at * 4 + 3]! / max) * mask.data[at]!) / 255;
      if (above === 0) continue;
      const to = (y * target.width + x) * 4;
      const below = (data[to + 3]! / max) * (1 - above);
      const alpha = above + below;
      for (let c = 0; c < 3; c += 1) {
        const mixed = layer.data[at * 4 + c]! * above + data[to + c]! * below;
        data[to + c] = Math.round(mixed / alpha);
      }
      data[to + 3] = Math.round(alpha * max);
    }
  }
}
