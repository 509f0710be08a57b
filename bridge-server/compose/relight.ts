import { fadeToBorder, type FacePlanes } from '../faces';
import { shownThrough, withChange, type ComposedFace } from './composedFace';
import { blur, measuredPlanes, measureSide, planesOf, resizeGrid, type Grid } from './grid';
import { toLinear, toSrgb } from './linearLight';
import { previewFace } from './previewFace';

/* Lengths are shares of the crop's side. */
/** Features that two pictures show in slightly different places are no light. */
const featureScale = 0.008;
/** Finer shapes than this light does not have here: the photograph's own are somewhere else than the generator's. */
const lightScale = 0.022;
/** Light of this share of white more, on both sides of the ratio: what is black says nothing. */
const floor = 0.004;
/** Stops that one picture of a face may be lighter or darker than another. */
const mostStops = 2;
/** What is lit leaves the crop at its neck and hair: there it fades to how it was. */
const fade = 0.1;
/** Lifted light is held down from here on. */
const knee = 0.5;
/** How far around a cell it is looked at what is grain, and what it varies by (in 0..1). */
const [grainReach, grain] = [0.01, 0.05];

/** How much lighter a second picture of the same face is, in stops a cell. */
export function lightBetween(before: FacePlanes, after: FacePlanes): Grid {
  const [had, has] = [luminance(before), luminance(after)];
  const stops = had.map((light, i) => {
    const ratio = Math.log2((has[i]! + floor) / (light + floor));
    return Math.min(mostStops, Math.max(-mostStops, ratio));
  });
  return { side: measureSide, planes: [stops] };
}

/** Linear light of a picture's cells, `measureSide`², features smoothed away. */
export function luminance(image: FacePlanes): Float32Array {
  const [r, g, b] = resizeGrid(measuredPlanes(image), measureSide).planes as [
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  const light = r.map(
    (red, i) => 0.2126 * toLinear(red) + 0.7152 * toLinear(g[i]!) + 0.0722 * toLinear(b[i]!),
  );
  return blur(light, measureSide, featureScale * measureSide);
}

/**
 * A composed face in another light: all channels of a cell get the same gain in linear light, so that every
 * hue stays the photograph's. What is finer than the cells, and grain where it gets lighter, keeps its height.
 * @param photograph the aligned face before
 * @param light of the face as it is shown, in stops
 * @param area where light may change, one plane of 0..1
 */
export function relight(
  composed: ComposedFace,
  photograph: FacePlanes,
  light: Grid,
  area: Grid,
): ComposedFace {
  const side = Math.min(measureSide, photograph.size);
  const inside = fadeToBorder(side, fade);
  const share = resizeGrid(area, side).planes[0]!.map((value, i) => value * inside[i]!);
  const gain = gainOf(resizeGrid(light, side).planes[0]!, share, side);
  const shown = resizeGrid(planesOf(previewFace(composed, photograph)), side);
  return withChange(composed, { side, planes: changeOf(shown, gain) }, share);
}

/** Smooth within the area, whatever the pictures show around it; 1 outside. */
function gainOf(stops: Float32Array, share: Float32Array, side: number): Float32Array {
  const weighed = blur(
    stops.map((value, i) => value * share[i]!),
    side,
    lightScale * side,
  );
  const weight = blur(share, side, lightScale * side);
  return share.map((value, i) => 2 ** ((value * weighed[i]!) / (weight[i]! + 1e-3)));
}

/** What is added to each channel, 0..1. */
function changeOf(shown: Grid, gain: Float32Array): Float32Array[] {
  const { side, planes } = shown;
  const smooth = planes.map((plane) => withoutGrain(plane, side));
  const change = planes.map(() => new Float32Array(side * side));
  for (let i = 0; i < gain.length; i++) {
    const g = gain[i]!;
    const values = (g > 1 ? smooth : planes).map((plane) => plane[i]!);
    const linear = values.map(toLinear);
    const ratio = g > 1 ? lifted(Math.max(...linear), g) : g;
    values.forEach((value, c) => (change[c]![i] = toSrgb(ratio * linear[c]!) - value));
  }
  return change;
}

/**
 * Gain of light of 0..1, the brightest channel's: `gain` up to the knee, then less, so that white stays white and no
 * channel is clipped before the others.
 */
function lifted(light: number, gain: number): number {
  const beyond = gain * light - knee;
  if (beyond <= 0) return gain;
  const bend = 1 / (1 - knee) - 1 / (gain - knee);
  return (knee + beyond / (1 + beyond * bend)) / light;
}

/** Guided by itself (He, Sun, Tang 2010, eq. 5 and 6 with p = I): edges stay. */
function withoutGrain(plane: Float32Array, side: number): Float32Array {
  const mean = (values: Float32Array): Float32Array => blur(values, side, grainReach * side);
  const middle = mean(plane);
  const square = mean(plane.map((value) => value * value));
  const slope = middle.map((value, i) => {
    const variance = Math.max(0, square[i]! - value * value);
    return variance / (variance + grain ** 2);
  });
  const rest = mean(middle.map((value, i) => (1 - slope[i]!) * value));
  return mean(slope).map((value, i) => value * plane[i]! + rest[i]!);
}

/** The photograph as it is: nothing of it is drawn. */
export const untouched: ComposedFace = {
  ...shownThrough(null, { side: 2, planes: [new Float32Array(4)] }),
  keep: { side: 2, planes: [new Float32Array(4).fill(1)] },
};
