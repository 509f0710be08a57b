import type { Raster } from '../../protocol/raster';
import { addGrain, missingGrain, type Grain } from './grain';
import { noiseLevel } from './noiseLevel';
import type { PlacedFace } from './renderFace';

/** More of the photograph than this brings its grain along. */
const ownGrain = 96;
/** A twentieth of an 8-bit grey level. */
const invisible = 0.0002;

/**
 * Measures the region under the mask and the patch where it is not the photograph itself, and adds
 * the difference in place, as far as the pixels are not the photograph's.
 */
export function matchGrain(
  region: Raster,
  { bounds, pixels, mask, kept }: PlacedFace,
  seed: number,
): void {
  const covered = (x: number, y: number): boolean => {
    if (x < 0 || y < 0 || x >= mask.width || y >= mask.height) return false;
    const at = y * mask.width + x;
    return mask.data[at]! > 0 && (kept === null || kept[at]! < ownGrain);
  };
  const below = (x: number, y: number): boolean => covered(x - bounds.left, y - bounds.top);
  const measure = (raster: Raster, take: typeof covered): Grain => ({
    fine: noiseLevel(raster, 1, take),
    coarse: noiseLevel(raster, 2, take),
  });
  const missing = missingGrain(measure(region, below), measure(pixels, covered));
  const levels = [missing.fine, missing.coarse].flatMap(({ shared, single }) => [shared, single]);
  if (Math.max(...levels) > invisible) addGrain(pixels, mask.data, kept, missing, seed);
}
