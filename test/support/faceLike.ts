import type { FacePlanes } from '../../bridge-server/faces';
import type { Raster } from '../../protocol/raster';
import { paint, waves } from './faces';

/** Fine texture of ±`level` that no small picture holds, the same at every call. */
export function pores(x: number, y: number, level: number): number {
  let bits = Math.imul(Math.floor(x) + 7919 * Math.floor(y), 0x9e3779b1);
  bits = Math.imul(bits ^ (bits >>> 15), 0x85ebca6b);
  return (((bits ^ (bits >>> 13)) >>> 8) / 2 ** 24 - 0.5) * 2 * level;
}

/** Waves with pores. */
export const skin = (width: number, depth: 8 | 16): Raster =>
  paint(width, width, depth, (x, y) => {
    const grain = pores(x, y, 0.06);
    const [r, g, b] = waves(x, y);
    return [0.15 + 0.7 * r + grain, 0.15 + 0.7 * g + grain, 0.15 + 0.7 * b + grain, 1];
  });

/** Planes from a function of place, 0..1, to colour. */
export function planes(
  size: number,
  colour: (u: number, v: number) => readonly [number, number, number],
): FacePlanes {
  const rgb = new Float32Array(3 * size * size);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      colour((x + 0.5) / size, (y + 0.5) / size).forEach((value, c) => {
        rgb[(c * size + y) * size + x] = value;
      });
    }
  }
  return { size, rgb };
}

/** RMS of the Laplacian of the green channel where `take` holds, in 0..1. */
export function detail({ width, height, data }: Raster, take: (x: number, y: number) => boolean) {
  const max = data instanceof Uint16Array ? 65535 : 255;
  const at = (x: number, y: number): number => data[(y * width + x) * 4 + 1]! / max;
  let square = 0;
  let count = 0;
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      if (!take(x, y)) continue;
      const laplacian = at(x - 1, y) + at(x + 1, y) + at(x, y - 1) + at(x, y + 1) - 4 * at(x, y);
      square += laplacian * laplacian;
      count++;
    }
  }
  return Math.sqrt(square / count);
}
