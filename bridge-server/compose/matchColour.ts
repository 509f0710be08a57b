import type { FacePlanes } from '../faces';
import { measureSide, planesOf, resizeGrid, type Grid } from './grid';
import { toLinear, toSrgb } from './linearLight';

/**
 * A part of the face as one plane of 0..1: what is matched by itself. Parts may overlap; where none
 * reaches, they count alike.
 */
export type Part = Grid;

/** How each colour of one part is changed, by channel: sRGB 0..1 in steps of 1 / (curveSize − 1). */
interface PartCurves {
  readonly part: Part;
  readonly curves: readonly Float32Array[];
}

export interface ColourMatch {
  readonly parts: readonly PartCurves[];
}

const side = 64;
const curveSize = 257;
/** Contrast is mended, not made: a part seen flat in the photograph stays flat, and noise is not spread. */
const [leastGain, mostGain] = [0.5, 2];
/** Of what brightness alone would make of a channel. */
const leastShare = 0.5;
/** A part's say far from it. */
const everywhere = 1e-3;
/** Parts smaller than this share of the crop follow the others. */
const smallestPart = 0.002;

/**
 * What turns the generator's colours into the photograph's, part by part: mean and spread of each
 * channel in linear light (Reinhard et al. 2001, there in lαβ), both pictures showing the same face.
 * @param alpha how much of the photograph is there, one plane of 0..1
 */
export function colourMatch(
  photograph: FacePlanes,
  generated: FacePlanes,
  alpha: Grid,
  parts: readonly Part[],
): ColourMatch {
  const wanted = linearPlanes(photograph);
  const has = linearPlanes(generated);
  const there = resizeGrid(alpha, side).planes[0]!;
  const matched = parts.flatMap((part) => {
    const weight = resizeGrid(part, side).planes[0]!.map((value, i) => value * there[i]!);
    const total = weight.reduce((sum, value) => sum + value, 0);
    if (total < smallestPart * side * side) return [];
    const curves = wanted.map((plane, c) => {
      const goal = statistics(plane, weight, total);
      const now = statistics(has[c]!, weight, total);
      const gain = Math.max(
        leastGain,
        Math.min(mostGain, (goal.spread + 1e-4) / (now.spread + 1e-4)),
      );
      // Dark colours keep some of each channel: without blue, brown skin is orange.
      const least = (leastShare * goal.mean) / (now.mean + 1e-4);
      return curveOf((value) => Math.max(least * value, (value - now.mean) * gain + goal.mean));
    });
    return [{ part, curves }];
  });
  return { parts: matched };
}

/** The planes with `amount`, 0..1, of the match. */
export function applyColourMatch(
  image: FacePlanes,
  { parts }: ColourMatch,
  amount: number,
): FacePlanes {
  if (amount === 0 || parts.length === 0) return image;
  const plane = image.size * image.size;
  const rgb = new Float32Array(image.rgb.length);
  const weights =
    parts.length > 1 ? parts.map(({ part }) => resizeGrid(part, image.size).planes[0]!) : null;
  const top = curveSize - 1;
  for (let c = 0; c < 3; c++) {
    const curves = parts.map((part) => part.curves[c]!);
    const [only] = curves as [Float32Array];
    for (let i = 0, at = c * plane; i < plane; i++, at++) {
      const value = image.rgb[at]!;
      const place = value <= 0 ? 0 : value >= 1 ? top : value * top;
      const low = place >= top ? top - 1 : place | 0;
      const mix = place - low;
      if (!weights) {
        rgb[at] = value + amount * (only[low]! + mix * (only[low + 1]! - only[low]!));
        continue;
      }
      let change = 0;
      let total = 0;
      for (let p = 0; p < curves.length; p++) {
        const weight = weights[p]![i]! + everywhere;
        const curve = curves[p]!;
        change += weight * (curve[low]! + mix * (curve[low + 1]! - curve[low]!));
        total += weight;
      }
      rgb[at] = value + (amount * change) / total;
    }
  }
  return { size: image.size, rgb };
}

/** What is added to an sRGB value by a change in linear light. */
function curveOf(change: (linear: number) => number): Float32Array {
  return Float32Array.from({ length: curveSize }, (_, i) => {
    const value = i / (curveSize - 1);
    return toSrgb(Math.max(0, Math.min(1, change(toLinear(value))))) - value;
  });
}

function linearPlanes(image: FacePlanes): readonly Float32Array[] {
  // Neighbours of the finest pixels are nearly alike: their mean may be taken before they are linear.
  const { side: fine, planes } = resizeGrid(planesOf(image), Math.min(measureSide, image.size));
  return resizeGrid({ side: fine, planes: planes.map((plane) => plane.map(toLinear)) }, side)
    .planes;
}

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
