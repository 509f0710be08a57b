import { PspError } from '../../protocol/errors';
import type { Quad } from '../../protocol/geometry';
import { isErased, rasterMax, type Mask, type Raster } from '../../protocol/raster';
import type { PlacedFace } from '../compose';
import { alignFace } from '../faces';

/**
 * The selection given, or else what is more transparent than not; `null` when nothing is.
 * @throws PspError BAD_INPUT when the selection is of another size than the pixels
 */
export function regionHole(pixels: Raster, given: Mask | null): Mask | null {
  const { width, height } = pixels;
  if (given) return requireSameSize(pixels, given);
  const max = rasterMax(pixels);
  const data = new Uint8Array(width * height);
  let found = false;
  for (let i = 0; i < data.length; i += 1) {
    if (isErased(pixels.data[i * 4 + 3]!, max)) {
      data[i] = 255;
      found = true;
    }
  }
  return found ? { width, height, data } : null;
}

/** @throws PspError BAD_INPUT when the mask is of another size than the pixels */
export function requireSameSize({ width, height }: Raster, given: Mask): Mask {
  if (given.width === width && given.height === height) return given;
  throw new PspError(
    'BAD_INPUT',
    `The mask is ${given.width} × ${given.height} pixels and the picture ${width} × ${height}. Give a mask of the picture's size.`,
  );
}

/** The hole in the aligned crop, [size, size], 0..1. */
export function alignHole(hole: Mask, quad: Quad, size: number): Float32Array {
  const { width, height } = hole;
  const data = new Uint8Array(width * height * 4).fill(255);
  for (let i = 0; i < hole.data.length; i += 1) data[i * 4] = hole.data[i]!;
  return alignFace({ width, height, data }, quad, size).rgb.slice(0, size * size);
}

/** What of a patch lies in the hole: nothing else may change. */
export function cutHole(hole: Mask, { bounds, mask }: PlacedFace): Mask {
  const { width, height } = mask;
  const data = new Uint8Array(width * height);
  for (let y = 0, at = 0; y < height; y += 1) {
    let below = (y + bounds.top) * hole.width + bounds.left;
    for (let x = 0; x < width; x += 1, at += 1, below += 1) {
      data[at] = Math.round((hole.data[below]! * mask.data[at]!) / 255);
    }
  }
  return { width, height, data };
}
