import type { PlacedFace } from '../bridge-server/compose';
import { rasterMax, type Raster } from '../protocol/raster';

/** Mean absolute difference between a patch and what lies below it, weighted by the mask, in 8-bit grey levels. */
export function changeInMask(region: Raster, { bounds, pixels, mask }: PlacedFace): number {
  let sum = 0;
  let total = 0;
  for (let y = 0; y < mask.height; y++) {
    for (let x = 0; x < mask.width; x++) {
      const weight = mask.data[y * mask.width + x]!;
      const at = (y * mask.width + x) * 4;
      const below = ((y + bounds.top) * region.width + x + bounds.left) * 4;
      for (let c = 0; c < 3; c++) {
        sum += weight * Math.abs(pixels.data[at + c]! - region.data[below + c]!);
      }
      total += 3 * weight;
    }
  }
  return ((sum / total) * 255) / rasterMax(region);
}
