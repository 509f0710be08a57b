import { linearSteps, type FacePlanes } from '../faces';

/** Smooth values over the aligned crop: planes of side², cell centres at (i + ½) / side. */
export interface Grid {
  readonly side: number;
  readonly planes: readonly Float32Array[];
}

/** Measures and masks are smooth: they live on a grid of this side and are enlarged where they are read. */
export const measureSide = 256;

/** A Gaussian of `sigma` cells by three box filters per axis (Wells 1986); the border counts what is there. */
export function blur(values: Float32Array, side: number, sigma: number): Float32Array {
  const reach = Math.round((Math.sqrt(4 * sigma * sigma + 1) - 1) / 2);
  if (reach < 1) return values;
  let from: Float32Array = values;
  let to: Float32Array = new Float32Array(values.length);
  const spare = new Float32Array(values.length);
  for (const [step, stride] of [
    [1, side],
    [side, 1],
  ] as const) {
    for (let pass = 0; pass < 3; pass++) {
      for (let line = 0; line < side; line++) boxLine(from, to, line * stride, step, side, reach);
      // The given values are kept.
      [from, to] = [to, from === values ? spare : from];
    }
  }
  return from;
}

function boxLine(
  from: Float32Array,
  to: Float32Array,
  start: number,
  step: number,
  side: number,
  reach: number,
): void {
  let sum = 0;
  let count = 0;
  for (let i = -reach; i < side; i++) {
    if (i + reach < side) {
      sum += from[start + (i + reach) * step]!;
      count++;
    }
    if (i - reach - 1 >= 0) {
      sum -= from[start + (i - reach - 1) * step]!;
      count--;
    }
    if (i >= 0) to[start + i * step] = sum / count;
  }
}

/** Planes of another side: linear where they grow, whole cells averaged where they shrink by a whole factor. */
export function resizeGrid({ side, planes }: Grid, target: number): Grid {
  if (side === target) return { side, planes };
  const resize = side % target === 0 ? shrinkPlane : enlargePlane;
  return { side: target, planes: planes.map((plane) => resize(plane, side, target)) };
}

function shrinkPlane(plane: Float32Array, side: number, target: number): Float32Array {
  const factor = side / target;
  const out = new Float32Array(target * target);
  const gain = 1 / (factor * factor);
  for (let y = 0; y < side; y++) {
    const row = Math.floor(y / factor) * target;
    for (let x = 0, at = y * side; x < target; x++) {
      let sum = 0;
      for (let i = 0; i < factor; i++) sum += plane[at++]!;
      out[row + x]! += sum * gain;
    }
  }
  return out;
}

function enlargePlane(plane: Float32Array, side: number, target: number): Float32Array {
  const out = new Float32Array(target * target);
  const { low, mix } = linearSteps(side, target);
  const row = new Float32Array(side);
  for (let y = 0, at = 0; y < target; y++) {
    const top = low[y]! * side;
    const my = mix[y]!;
    for (let x = 0; x < side; x++) {
      row[x] = plane[top + x]! * (1 - my) + plane[top + side + x]! * my;
    }
    for (let x = 0; x < target; x++, at++) {
      const left = low[x]!;
      out[at] = row[left]! * (1 - mix[x]!) + row[left + 1]! * mix[x]!;
    }
  }
  return out;
}

/** Linear samples of a plane at (u + i·du, v + i·dv), in units of the crop's side; the border repeated. */
export function sampleGridLine(
  plane: Float32Array,
  side: number,
  line: { readonly u: number; readonly v: number; readonly du: number; readonly dv: number },
  count: number,
  out: Float32Array,
): void {
  const last = side - 1;
  const [dx, dy] = [line.du * side, line.dv * side];
  let x = line.u * side - 0.5;
  let y = line.v * side - 0.5;
  for (let i = 0; i < count; i++, x += dx, y += dy) {
    const cx = x < 0 ? 0 : x > last ? last : x;
    const cy = y < 0 ? 0 : y > last ? last : y;
    const left = cx | 0;
    const top = cy | 0;
    const mx = cx - left;
    const my = cy - top;
    const at = top * side + left;
    const right = left < last ? 1 : 0;
    const below = top < last ? side : 0;
    const upper = plane[at]! + mx * (plane[at + right]! - plane[at]!);
    const lower = plane[at + below]! + mx * (plane[at + below + right]! - plane[at + below]!);
    out[i] = upper + my * (lower - upper);
  }
}

/** The planes of a picture, not copied. */
export function planesOf({ size, rgb }: FacePlanes): Grid {
  const plane = size * size;
  return { side: size, planes: [0, 1, 2].map((c) => rgb.subarray(c * plane, (c + 1) * plane)) };
}
