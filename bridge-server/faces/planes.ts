import type { Raster } from '../../protocol/raster';
import { padPlanes } from './floatImage';
import { cubicKernel, kernelMargin, sampleLine } from './sampleLine';

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
  const shrink = Math.max(1, Math.floor(scale / 1.5));
  const kernel = cubicKernel(scale / shrink);
  const margin = kernelMargin(kernel);
  const image = padPlanes({ size, rgb }, shrink, margin);
  const out = new Float32Array(3 * target * target);
  const pixels = new Float32Array(target * 4);
  const step = scale / shrink;
  const x = margin + (crop.left * size) / shrink + step / 2;
  for (let row = 0; row < target; row++) {
    const y = margin + (crop.top * size) / shrink + (row + 0.5) * step;
    sampleLine(image, kernel, { x, y, dx: step, dy: 0, count: target }, pixels);
    for (let c = 0; c < 3; c++) {
      const to = (c * target + row) * target;
      for (let i = 0; i < target; i++) out[to + i] = clamp01(pixels[i * 4 + c]!);
    }
  }
  return { size: target, rgb: out };
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
    for (let c = 0; c < 3; c++) data[i * 4 + c] = Math.round(rgb[c * plane + i]! * 255);
  }
  return { width: size, height: size, data };
}
