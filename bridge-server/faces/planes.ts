import type { Raster } from '../../protocol/raster';
import { cubicTaps, filterPlane, type Taps } from './cubic';

/** A square picture as planes, [3, size, size] in 0..1: what an aligned face and a network's result are. */
export interface FacePlanes {
  readonly size: number;
  readonly rgb: Float32Array;
}

/** A square part of a picture, in units of its side. */
export interface Crop {
  readonly left: number;
  readonly top: number;
  readonly side: number;
}

/** A crop of the planes at another size, antialiased; clamped to 0..1. */
export function resizePlanes({ size, rgb }: FacePlanes, crop: Crop, target: number): FacePlanes {
  const scale = (crop.side * size) / target;
  // Strong reductions average whole blocks first.
  const shrink = Math.max(1, Math.floor(scale / 1.5));
  const side = Math.ceil(size / shrink);
  const taps = (start: number): Taps =>
    cubicTaps(side, (start * size) / shrink, scale / shrink, target);
  const [across, down] = [taps(crop.left), taps(crop.top)];
  const out = new Float32Array(3 * target * target);
  for (let c = 0; c < 3; c++) {
    const plane = shrinkPlane(rgb.subarray(c * size * size, (c + 1) * size * size), size, shrink);
    filterPlane(plane, side, across, down, out.subarray(c * target * target));
  }
  for (let i = 0; i < out.length; i++) out[i] = clamp01(out[i]!);
  return { size: target, rgb: out };
}

/** Means of blocks of `factor`² pixels; where the last ones are not whole, the edge is repeated. */
export function shrinkPlane(plane: Float32Array, size: number, factor: number): Float32Array {
  if (factor === 1) return plane;
  const side = Math.ceil(size / factor);
  const whole = Math.floor(size / factor);
  const out = new Float32Array(side * side);
  const gain = 1 / (factor * factor);
  for (let y = 0; y < side * factor; y++) {
    const row = Math.min(size - 1, y) * size;
    const to = Math.floor(y / factor) * side;
    let from = row;
    for (let x = 0; x < whole; x++) {
      let sum = 0;
      for (const end = from + factor; from < end; from++) sum += plane[from]!;
      out[to + x]! += sum * gain;
    }
    if (whole === side) continue;
    let sum = 0;
    for (let x = whole * factor; x < side * factor; x++) sum += plane[row + Math.min(size - 1, x)]!;
    out[to + whole]! += sum * gain;
  }
  return out;
}

export const clamp01 = (value: number): number => (value < 0 ? 0 : value > 1 ? 1 : value);

/** 3t² − 2t³, held at its ends outside 0..1. */
export function smoothstep(t: number): number {
  const x = clamp01(t);
  return x * x * (3 - 2 * x);
}

/**
 * A plane of `side`² that is 0 along its border and 1 from `width` of its side inwards.
 * @param width share of the side, above 0
 */
export function fadeToBorder(side: number, width: number): Float32Array {
  const along = Float64Array.from({ length: side }, (_, i) => {
    const t = (i + 0.5) / side;
    return smoothstep(Math.min(t, 1 - t) / width);
  });
  const plane = new Float32Array(side * side);
  for (let y = 0, at = 0; y < side; y++) {
    for (let x = 0; x < side; x++, at++) plane[at] = along[x]! * along[y]!;
  }
  return plane;
}

/** A picture in planes of 0..1 as 8-bit pixels. */
export function opaqueRaster({ size, rgb }: FacePlanes): Raster {
  const plane = size * size;
  const data = new Uint8Array(plane * 4).fill(255);
  for (let i = 0; i < plane; i++) {
    for (let c = 0; c < 3; c++) data[i * 4 + c] = (rgb[c * plane + i]! * 255 + 0.5) | 0;
  }
  return { width: size, height: size, data };
}
