import type { Raster } from '../../protocol/raster';
import type { FacePlanes } from '../faces';

/** A picture in planes of 0..1 as 8-bit pixels. */
export function opaqueRaster({ size, rgb }: FacePlanes): Raster {
  const plane = size * size;
  const data = new Uint8Array(plane * 4).fill(255);
  for (let i = 0; i < plane; i += 1) {
    for (let c = 0; c < 3; c += 1) data[i * 4 + c] = Math.round(rgb[c * plane + i]! * 255);
  }
  return { width: size, height: size, data };
}
