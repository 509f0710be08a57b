import type { FacePlanes } from '../faces';
import type { Quad } from '../../protocol/geometry';
import type { Raster } from '../../protocol/raster';
import { addColourField, rimColourField } from './colourField';
import type { ComposedFace } from './composedFace';
import type { Grid } from './grid';

/**
 * The generator's pixels, seen through the mask.
 * @param matchColour 0..1: how far the picture's colours are shifted to meet the region's around the mask
 */
export function replaceFace(
  region: Raster,
  quad: Quad,
  image: FacePlanes,
  mask: Grid,
  matchColour: number,
): ComposedFace {
  const matched =
    matchColour === 0
      ? image
      : addColourField(image, rimColourField(region, quad, image, mask), matchColour);
  return { size: image.size, add: matched.rgb, keep: null, mask, fade: null, carry: null };
}
