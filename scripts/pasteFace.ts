import { matchGrain, renderFace, replaceFace, type PlacedFace } from '../bridge-server/compose';
import { asItIs, type FacePlanes } from '../bridge-server/faces';
import type { Quad } from '../protocol/geometry';
import type { Raster } from '../protocol/raster';

export interface PasteOptions {
  readonly matchColour: boolean;
  readonly matchGrain: boolean;
  readonly seed: number;
  readonly transparency?: 'source' | 'opaque';
}

/** Replaces the face by a picture of it, as operations without the photograph do. */
export function pasteFace(
  region: Raster,
  quad: Quad,
  image: FacePlanes,
  mask: Float32Array,
  options: PasteOptions,
): PlacedFace {
  const grid = { side: Math.sqrt(mask.length), planes: [mask] };
  const matchColour = options.matchColour ? 1 : 0;
  const replacement = { image, mask: grid, colours: null, matchColour };
  const composed = replaceFace(asItIs(region), quad, replacement);
  const placed = renderFace(region, quad, composed, options.transparency ?? 'source');
  if (options.matchGrain) matchGrain(region, placed, options.seed);
  return placed;
}
