import {
  cubicTaps,
  filterPlane,
  sampleCubic,
  type FacePlanes,
  type PixelLine,
  type Pixels,
} from '../faces';
import type { UnitBox, UnitLine } from './grid';

/** A square picture, interleaved RGB with `margin` repeated pixels around: samplers need no bounds checks. */
export interface PaddedImage extends Pixels {
  readonly side: number;
  readonly channels: 3;
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
}

/**
 * Planes made ready to be read at `pixels` a side: reduced by a filter that weighs every pixel by the
 * cubic around its result (Keys 1981, widened), never aliased; enlarged a first step where that is
 * cheaper.
 * @param box what of them will be read
 */
export function prepareSampler({ size, rgb }: FacePlanes, pixels: number, box: UnitBox): Sampler {
  const linear = size <= smallSource && pixels >= strongEnlargement * size;
  const side = linear ? firstStep * size : Math.min(size, Math.max(1, Math.ceil(spare * pixels)));
  return { image: pad({ size: side, rgb: resizeSquare(rgb, size, side) }, box), linear };
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

function pad({ size, rgb }: FacePlanes, box: UnitBox): PaddedImage {
  const width = size + 2 * margin;
  // Threads that render bands of it read the same memory.
  const data = new Float32Array(new SharedArrayBuffer(width * width * 3 * 4));
  const plane = size * size;
  const first = (share: number): number => Math.max(0, Math.floor(share * size));
  const end = (share: number): number => Math.min(width, Math.ceil(share * size) + 2 * margin);
  const [left, right] = [first(box.left), end(box.right)];
  for (let y = first(box.top); y < end(box.bottom); y++) {
    const row = Math.max(0, Math.min(size - 1, y - margin)) * size;
    for (let x = left, at = (y * width + left) * 3; x < right; x++, at += 3) {
      const from = row + Math.max(0, Math.min(size - 1, x - margin));
      data[at] = rgb[from]!;
      data[at + 1] = rgb[plane + from]!;
      data[at + 2] = rgb[2 * plane + from]!;
    }
  }
  return { side: size, width, channels: 3, data };
}

/** Writes three channels for every point from `first` to `last`, where `wanted` is above 0. */
export function sampleRgbLine(
  { image, linear }: Sampler,
  { u, v, du, dv }: UnitLine,
  first: number,
  last: number,
  wanted: Float32Array,
  out: Float32Array,
): void {
  const { side } = image;
  const line = { x: u * side + margin, y: v * side + margin, dx: du * side, dy: dv * side };
  const sample = linear ? sampleLinear : sampleCubic;
  sample(image, line, first, last, wanted, out);
}

function sampleLinear(
  { width, data }: Pixels,
  line: PixelLine,
  first: number,
  last: number,
  wanted: Float32Array,
  out: Float32Array,
): void {
  const stride = width * 3;
  for (let i = first; i <= last; i++) {
    if (wanted[i] === 0) continue;
    const x = line.x + i * line.dx - 0.5;
    const y = line.y + i * line.dy - 0.5;
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
