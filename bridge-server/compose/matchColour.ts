import { keptWith, type FacePlanes } from '../faces';
import { measuredPlanes, resizeGrid, type Grid } from './grid';
import { toLinear, toSrgb } from './linearLight';

/** What every sRGB value, 0..1 in steps of 1 / (curveSize − 1), becomes: one curve a channel. */
export type Curves = readonly Float32Array[];

const side = 64;
const curveSize = 257;
/** Contrast is mended, not made: a part seen flat in the photograph stays flat, and noise is not spread. */
const [leastGain, mostGain] = [0.5, 2];
/** Of what brightness alone would make of a channel. */
const [leastShare, mostShare] = [0.5, 2];
/** A part smaller than this share of the crop says nothing. */
const smallestPart = 0.002;

/**
 * What turns the generator's colours into the photograph's where a part of the face is: mean and spread of each
 * channel in linear light (Reinhard et al. 2001, there in lαβ), both pictures showing the same face.
 * @param alpha how much of the photograph is there, one plane of 0..1
 * @param part one plane of 0..1
 * @param amount 0..1: how far they are turned
 * @returns `null` where nothing is to be changed
 */
export function colourMatch(
  photograph: FacePlanes,
  generated: FacePlanes,
  alpha: Grid,
  part: Grid,
  amount: number,
): Curves | null {
  const there = resizeGrid(alpha, side).planes[0]!;
  const weight = resizeGrid(part, side).planes[0]!.map((value, i) => value * there[i]!);
  const total = weight.reduce((sum, value) => sum + value, 0);
  if (amount === 0 || total < smallestPart * side * side) return null;
  const has = linearPlanes(generated);
  return linearPlanes(photograph).map((plane, c) => {
    const goal = statistics(plane, weight, total);
    const now = statistics(has[c]!, weight, total);
    const gain = Math.max(
      leastGain,
      Math.min(mostGain, (goal.spread + 1e-4) / (now.spread + 1e-4)),
    );
    // Dark colours keep some of each channel, and get little more: without blue, brown skin is orange, and
    // what is added to the skin's would make black lashes blue.
    const brightness = goal.mean / (now.mean + 1e-4);
    return curveOf(amount, (value) => {
      const [least, most] = [leastShare * brightness * value, mostShare * brightness * value];
      return Math.min(most, Math.max(least, (value - now.mean) * gain + goal.mean));
    });
  });
}

/** Along a curve of any number of even steps; what lies beyond 0..1 is changed as its end is. */
export function along(curve: Float32Array, value: number): number {
  const top = curve.length - 1;
  const place = value * top;
  if (!(place >= 0 && place < top)) return value < 0 ? curve[0]! + value : curve[top]! + value - 1;
  const low = place | 0;
  const start = curve[low]!;
  return start + (place - low) * (curve[low + 1]! - start);
}

/** Planes of a picture, whatever their side, with their colours along the curves. */
export const curved = ({ side: size, planes }: Grid, curves: Curves | null): Grid =>
  curves
    ? { side: size, planes: planes.map((plane, c) => allAlong(curves[c]!, plane)) }
    : { side: size, planes };

function allAlong(curve: Float32Array, values: Float32Array): Float32Array {
  const curved = new Float32Array(values.length);
  for (let i = 0; i < curved.length; i++) curved[i] = along(curve, values[i]!);
  return curved;
}

/** By a change in linear light. */
function curveOf(amount: number, change: (linear: number) => number): Float32Array {
  return Float32Array.from({ length: curveSize }, (_, i) => {
    const value = i / (curveSize - 1);
    const changed = toSrgb(Math.max(0, Math.min(1, change(toLinear(value)))));
    return value + amount * (changed - value);
  });
}

const linearPlanes = keptWith((image: FacePlanes): readonly Float32Array[] => {
  // Neighbours of the finest pixels are nearly alike: their mean may be taken before they are linear.
  const { side: fine, planes } = measuredPlanes(image);
  const linear = planes.map((plane) => {
    const light = new Float32Array(plane.length);
    for (let i = 0; i < light.length; i++) light[i] = toLinear(plane[i]!);
    return light;
  });
  return resizeGrid({ side: fine, planes: linear }, side).planes;
});

function statistics(
  plane: Float32Array,
  weight: Float32Array,
  total: number,
): { readonly mean: number; readonly spread: number } {
  let sum = 0;
  for (let i = 0; i < plane.length; i++) sum += weight[i]! * plane[i]!;
  const mean = sum / total;
  let square = 0;
  for (let i = 0; i < plane.length; i++) square += weight[i]! * (plane[i]! - mean) ** 2;
  return { mean, spread: Math.sqrt(square / total) };
}
