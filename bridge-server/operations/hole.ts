import { PspError } from '../../protocol/errors';
import {
  boundsHeight,
  boundsWidth,
  type Bounds,
  type Point,
  type Quad,
} from '../../protocol/geometry';
import { isErased, rasterMax, type Mask, type Raster } from '../../protocol/raster';
import { alignFace } from '../faces';

/**
 * The selection given, or else what is more transparent than not; `null` when nothing is.
 * @throws PspError BAD_INPUT when the selection is of another size than the pixels
 */
export function regionHole(pixels: Raster, given: Mask | null): Mask | null {
  const { width, height } = pixels;
  if (given) {
    if (given.width === width && given.height === height) return given;
    throw new PspError(
      'BAD_INPUT',
      `The mask is ${given.width} × ${given.height} pixels and the picture ${width} × ${height}. Give a mask of the picture's size.`,
    );
  }
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

/** The hole in the aligned crop, [size, size], 0..1. */
export function alignHole(hole: Mask, quad: Quad, size: number): Float32Array {
  const { width, height } = hole;
  const data = new Uint8Array(width * height * 4).fill(255);
  for (let i = 0; i < hole.data.length; i += 1) data[i * 4] = hole.data[i]!;
  return alignFace({ width, height, data }, quad, size).rgb.slice(0, size * size);
}

/** The hole's own pixels within `bounds`, as far as the quad reaches: nothing else may change. */
export function cutHole(hole: Mask, bounds: Bounds, quad: Quad): Mask {
  const width = boundsWidth(bounds);
  const height = boundsHeight(bounds);
  const data = new Uint8Array(width * height);
  const inside = insideOf(quad);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const value = hole.data[(y + bounds.top) * hole.width + x + bounds.left]!;
      if (value > 0 && inside({ x: x + bounds.left + 0.5, y: y + bounds.top + 0.5 })) {
        data[y * width + x] = value;
      }
    }
  }
  return { width, height, data };
}

/** The crop is a square: a point is inside when its projections on two sides fall on those sides. */
function insideOf([origin, along, , down]: Quad): (point: Point) => boolean {
  const share = (point: Point, end: Point): number => {
    const dx = end.x - origin.x;
    const dy = end.y - origin.y;
    return ((point.x - origin.x) * dx + (point.y - origin.y) * dy) / (dx * dx + dy * dy);
  };
  const within = (value: number): boolean => value >= 0 && value <= 1;
  return (point) => within(share(point, along)) && within(share(point, down));
}
