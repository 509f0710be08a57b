import { boundsHeight, boundsWidth, type Bounds } from '../../protocol/geometry';
import type { Mask, Raster } from '../../protocol/raster';

/** A rectangle of the raster as pixels of its own; `bounds` must lie inside. */
export function cropRaster({ data, width }: Raster, bounds: Bounds): Raster {
  return { ...sizeOf(bounds), data: crop(data, width, 4, bounds) };
}

export function cropMask({ data, width }: Mask, bounds: Bounds): Mask {
  return { ...sizeOf(bounds), data: crop(data, width, 1, bounds) };
}

const sizeOf = (bounds: Bounds): { width: number; height: number } => ({
  width: boundsWidth(bounds),
  height: boundsHeight(bounds),
});

function crop<T extends Uint8Array | Uint16Array>(
  data: T,
  stride: number,
  channels: number,
  bounds: Bounds,
): T {
  const row = boundsWidth(bounds) * channels;
  const length = row * boundsHeight(bounds);
  const result = (
    data instanceof Uint16Array ? new Uint16Array(length) : new Uint8Array(length)
  ) as T;
  for (let y = bounds.top; y < bounds.bottom; y += 1) {
    const from = (y * stride + bounds.left) * channels;
    result.set(data.subarray(from, from + row), (y - bounds.top) * row);
  }
  return result;
}
