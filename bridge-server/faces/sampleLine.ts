import type { FloatImage } from './floatImage';

/** A separable, symmetric filter: weights by distance, tabulated over 0..radius source pixels. */
export interface Kernel {
  readonly radius: number;
  readonly taps: number;
  readonly table: Float32Array;
}

const tableSize = 4096;
const { abs, floor } = Math;

/* Stretched by `scale` ≥ 1 source pixels per result pixel, every filter here also antialiases. */

/** Lanczos with three lobes: what FFHQ and the networks' data were resized with (Pillow's LANCZOS). */
export const lanczosKernel = (scale: number): Kernel =>
  kernel(3, scale, (t) => sinc(t) * sinc(t / 3));

/** Linear interpolation: cheap and soft, for detection. */
export const linearKernel = (scale: number): Kernel => kernel(1, scale, (t) => 1 - t);

const sinc = (t: number): number => (t === 0 ? 1 : Math.sin(Math.PI * t) / (Math.PI * t));

function kernel(support: number, scale: number, weight: (t: number) => number): Kernel {
  const radius = support * Math.max(1, scale);
  const table = new Float32Array(tableSize + 2);
  for (let i = 0; i < tableSize; i++) table[i] = weight(((i + 0.5) / tableSize) * support);
  return { radius, taps: Math.ceil(2 * radius), table };
}

/** Points (x + i·dx, y + i·dy) for i in 0..count. */
export interface Line {
  readonly x: number;
  readonly y: number;
  readonly dx: number;
  readonly dy: number;
  readonly count: number;
}

/**
 * Filters the image around points of a line and writes four channels for each to `out`. The image
 * must reach `kernelMargin` pixels beyond every point: there are no bounds checks here.
 */
export function sampleLine(image: FloatImage, kernel: Kernel, line: Line, out: Float32Array): void {
  const { data, width, opaque } = image;
  const { radius, taps } = kernel;
  const wx = new Float64Array(taps);
  const wy = new Float64Array(taps);
  for (let i = 0; i < line.count; i++) {
    const x = line.x + i * line.dx - 0.5;
    const y = line.y + i * line.dy - 0.5;
    const left = floor(x - radius) + 1;
    const top = floor(y - radius) + 1;
    const gain = 1 / (weights(kernel, left - x, wx) * weights(kernel, top - y, wy));
    let r = 0;
    let g = 0;
    let b = 0;
    let a = opaque ? 1 : 0;
    for (let j = 0; j < taps; j++) {
      const weight = wy[j]! * gain;
      const start = ((top + j) * width + left) * 4;
      let rowR = 0;
      let rowG = 0;
      let rowB = 0;
      for (let k = 0, at = start; k < taps; k++, at += 4) {
        const w = wx[k]!;
        rowR += w * data[at]!;
        rowG += w * data[at + 1]!;
        rowB += w * data[at + 2]!;
      }
      r += weight * rowR;
      g += weight * rowG;
      b += weight * rowB;
      if (opaque) continue;
      for (let k = 0, at = start + 3; k < taps; k++, at += 4) a += weight * wx[k]! * data[at]!;
    }
    const to = i * 4;
    out[to] = r;
    out[to + 1] = g;
    out[to + 2] = b;
    out[to + 3] = a;
  }
}

/** Fills in the weights of taps at `offset`, `offset` + 1 … from the point; returns their sum. */
function weights({ taps, table, radius }: Kernel, offset: number, into: Float64Array): number {
  const perPixel = tableSize / radius;
  let sum = 0;
  for (let k = 0; k < taps; k++) {
    const weight = table[(abs(offset + k) * perPixel) | 0] ?? 0;
    into[k] = weight;
    sum += weight;
  }
  return sum;
}

export const kernelMargin = (kernel: Kernel): number => Math.ceil(kernel.radius) + 1;
