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
 * What turns the generator's colours into the photograph's where a part of the face is: each channel's mean and the
 * luminance's spread, in linear light (after Reinhard et al. 2001, there in lαβ), both pictures showing the same face.
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
  const [has, wanted] = [linearPlanes(generated), linearPlanes(photograph)];
  const of = (plane: Float32Array) => statistics(plane, weight, total);
  const contrast = contrastBetween(of(luminance(has)), of(luminance(wanted)));
  return wanted.map((plane, c) => {
    const goal = of(plane).mean;
    const gain = goal / (of(has[c]!).mean + 1e-4);
    return curveOf(amount, (value) => {
      const bright = gain * value;
      const changed = goal + contrast * (bright - goal);
      return Math.min(mostShare * bright, Math.max(leastShare * bright, changed));
    });
  });
}

/**
 * What multiplies how far colours differ from their mean, as a share of it. All channels have one: of dark colours,
 * which are far from it, half as much of one channel and twice as much of another would be left, and black hair be green.
 */
function contrastBetween(now: Statistics, goal: Statistics): number {
  const gain = (goal.spread + 1e-4) / (now.spread + 1e-4);
  const mended = Math.max(leastGain, Math.min(mostGain, gain));
  return (mended * (now.mean + 1e-4)) / (goal.mean + 1e-4);
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

const luminance = ([r, g, b]: readonly Float32Array[]): Float32Array =>
  r!.map((red, i) => 0.2126 * red + 0.7152 * g![i]! + 0.0722 * b![i]!);

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

interface Statistics {
  readonly mean: number;
  readonly spread: number;
}

function statistics(plane: Float32Array, weight: Float32Array, total: number): Statistics {
  let sum = 0;
  for (let i = 0; i < plane.length; i++) sum += weight[i]! * plane[i]!;
  const mean = sum / total;
  let square = 0;
  for (let i = 0; i < plane.length; i++) square += weight[i]! * (plane[i]! - mean) ** 2;
  return { mean, spread: Math.sqrt(square / total) };
}
