import { cubicTaps, filterPlane, type FacePlanes } from '../faces';
import type { UnitLine } from './grid';

/** Interleaved RGB with `margin` repeated pixels around, so that samplers need no bounds checks. */
export interface PaddedImage {
  readonly side: number;
  readonly width: number;
  readonly data: Float32Array;
}

export const margin = 3;
/** Smaller sources that are enlarged more than this get a cubic step first: the rest is then as good linearly. */
const strongEnlargement = 20;
const smallSource = 128;
const firstStep = 12;
/** Reduced to this many pixels for each of the result: at 1 the turning of the face would soften it. */
const spare = 1.3;

export interface Sampler {
  readonly image: PaddedImage;
  readonly linear: boolean;
  /** Blocks near which the image is not 0, where it is 0 in large part. */
  readonly filled: Blocks | null;
}

/** 1 for every block of 16² pixels that shows something, or has it within a cubic's reach. */
interface Blocks {
  readonly columns: number;
  readonly data: Uint8Array;
}

/**
 * Planes made ready to be read at `pixels` a side: reduced by a filter that weighs every pixel by the
 * cubic around its result (Keys 1981, widened), never aliased; enlarged a first step where that is
 * cheaper.
 * @param sparse the planes are 0 in large part, as what is added to a photograph is
 */
export function prepareSampler(
  { size, rgb }: FacePlanes,
  pixels: number,
  sparse: boolean,
): Sampler {
  const linear = size <= smallSource && pixels >= strongEnlargement * size;
  const side = linear ? firstStep * size : Math.min(size, Math.max(1, Math.ceil(spare * pixels)));
  const image = pad({ size: side, rgb: resizeSquare(rgb, size, side) });
  return { image, linear, filled: sparse && !linear ? filledBlocks(image) : null };
}

const blockBits = 4;

function filledBlocks({ width, data }: PaddedImage): Blocks {
  // What lies beyond the image is marked in blocks of its own and never asked for.
  const columns = (width >> blockBits) + 2;
  const blocks = new Uint8Array(columns * columns);
  for (let y = 0, at = 0; y < width; y++) {
    const above = (Math.max(0, y - 2) >> blockBits) * columns;
    const below = ((y + 2) >> blockBits) * columns;
    for (let x = 0; x < width; x++, at += 3) {
      if (data[at] === 0 && data[at + 1] === 0 && data[at + 2] === 0) continue;
      const left = Math.max(0, x - 2) >> blockBits;
      const right = (x + 2) >> blockBits;
      blocks[above + left] = 1;
      blocks[above + right] = 1;
      blocks[below + left] = 1;
      blocks[below + right] = 1;
    }
  }
  return { columns, data: blocks };
}

/** Three planes at another side, by the cubic along rows and columns. */
export function resizeSquare(rgb: Float32Array, size: number, side: number): Float32Array {
  if (side === size) return rgb;
  const taps = cubicTaps(size, 0, size / side, side);
  const out = new Float32Array(3 * side * side);
  for (let c = 0; c < 3; c++) {
    const plane = rgb.subarray(c * size * size, (c + 1) * size * size);
    filterPlane(plane, size, taps, taps, out.subarray(c * side * side));
  }
  return out;
}

function pad({ size, rgb }: FacePlanes): PaddedImage {
  const width = size + 2 * margin;
  // Threads that render bands of it read the same memory.
  const data = new Float32Array(new SharedArrayBuffer(width * width * 3 * 4));
  const plane = size * size;
  for (let y = 0, at = 0; y < width; y++) {
    const row = Math.max(0, Math.min(size - 1, y - margin)) * size;
    for (let x = 0; x < width; x++, at += 3) {
      const from = row + Math.max(0, Math.min(size - 1, x - margin));
      data[at] = rgb[from]!;
      data[at + 1] = rgb[plane + from]!;
      data[at + 2] = rgb[2 * plane + from]!;
    }
  }
  return { side: size, width, data };
}

/** Writes three channels for every point from `first` to `last`, where `wanted` is above 0. */
export function sampleRgbLine(
  { image, linear, filled }: Sampler,
  line: UnitLine,
  first: number,
  last: number,
  wanted: Float32Array,
  out: Float32Array,
): void {
  if (linear) sampleLinear(image, line, first, last, wanted, out);
  else sampleCubic(image, filled, line, first, last, wanted, out);
}

/** Keys' cubic, a = −½, its four weights in closed form. */
function sampleCubic(
  { side, width, data }: PaddedImage,
  filled: Blocks | null,
  line: UnitLine,
  first: number,
  last: number,
  wanted: Float32Array,
  out: Float32Array,
): void {
  const stride = width * 3;
  const dx = line.du * side;
  const dy = line.dv * side;
  const x0 = line.u * side + margin - 0.5;
  const y0 = line.v * side + margin - 0.5;
  for (let i = first; i <= last; i++) {
    if (wanted[i] === 0) continue;
    const x = x0 + i * dx;
    const y = y0 + i * dy;
    const left = x | 0;
    const top = y | 0;
    const to = i * 3;
    if (
      filled !== null &&
      filled.data[(top >> blockBits) * filled.columns + (left >> blockBits)] === 0
    ) {
      out[to] = out[to + 1] = out[to + 2] = 0;
      continue;
    }
    const s = x - left;
    const t = y - top;
    const a0 = ((-0.5 * s + 1) * s - 0.5) * s;
    const a1 = (1.5 * s - 2.5) * s * s + 1;
    const a2 = ((-1.5 * s + 2) * s + 0.5) * s;
    const a3 = (0.5 * s - 0.5) * s * s;
    let weight = ((-0.5 * t + 1) * t - 0.5) * t;
    let r = 0;
    let g = 0;
    let b = 0;
    let p = ((top - 1) * width + left - 1) * 3;
    for (let j = 0; j < 4; j++, p += stride) {
      r += weight * (a0 * data[p]! + a1 * data[p + 3]! + a2 * data[p + 6]! + a3 * data[p + 9]!);
      g +=
        weight * (a0 * data[p + 1]! + a1 * data[p + 4]! + a2 * data[p + 7]! + a3 * data[p + 10]!);
      b +=
        weight * (a0 * data[p + 2]! + a1 * data[p + 5]! + a2 * data[p + 8]! + a3 * data[p + 11]!);
      weight =
        j === 0
          ? (1.5 * t - 2.5) * t * t + 1
          : j === 1
            ? ((-1.5 * t + 2) * t + 0.5) * t
            : (0.5 * t - 0.5) * t * t;
    }
    out[to] = r;
    out[to + 1] = g;
    out[to + 2] = b;
  }
}

function sampleLinear(
  { side, width, data }: PaddedImage,
  line: UnitLine,
  first: number,
  last: number,
  wanted: Float32Array,
  out: Float32Array,
): void {
  const stride = width * 3;
  const dx = line.du * side;
  const dy = line.dv * side;
  const x0 = line.u * side + margin - 0.5;
  const y0 = line.v * side + margin - 0.5;
  for (let i = first; i <= last; i++) {
    if (wanted[i] === 0) continue;
    const x = x0 + i * dx;
    const y = y0 + i * dy;
    const left = x | 0;
    const top = y | 0;
    const s = x - left;
    const t = y - top;
    const p = (top * width + left) * 3;
    const to = i * 3;
    for (let c = 0; c < 3; c++) {
      const upper = data[p + c]! + s * (data[p + 3 + c]! - data[p + c]!);
      const q = p + stride + c;
      const lower = data[q]! + s * (data[q + 3]! - data[q]!);
      out[to + c] = upper + t * (lower - upper);
    }
  }
}
