import type { Quad } from '../../protocol/geometry';
import {
  frameOfQuad,
  mapPoint,
  quadIn,
  sampleQuad,
  smoothstep,
  type ReducedPicture,
} from '../faces';
import { resizeGrid, type Grid } from './grid';

const grid = 64;
/** Differences beyond this are another content (hair against wall), not another colour. */
const contentDifference = 0.07;
/** Where less of the rim agrees than the first, nothing is corrected; from the second on, fully. */
const [fewest, most] = [0.2, 0.45];
/** How far the offset at one place may depart from the crop's mean one: light changes across a face. */
const maxDeparture = 0.08;

/**
 * The colour difference source − patch around the mask's rim, spread smoothly over the crop: added
 * to the patch, it leaves nothing to see where the two meet, as the membrane of Poisson blending
 * does (Pérez et al. 2003), but it ignores differences of content. What lies inside a full mask is not
 * looked at, since it is to be replaced.
 * @param image three planes of the aligned crop
 * @param amount 0..1: how much of it is corrected
 * @returns three smooth planes over the crop
 */
export function rimColourField(
  picture: ReducedPicture,
  quad: Quad,
  image: Grid,
  mask: Grid,
  amount: number,
): Grid {
  const count = grid * grid;
  const difference = new Float32Array(3 * count);
  const patch = resizeGrid(image, grid).planes;
  const covered = resizeGrid(mask, grid).planes[0]!;
  const nearMask = blurred(covered, grid / 20);
  const weight = new Float32Array(count);
  const { raster } = picture;
  const there = quadIn(picture, quad);
  const frame = frameOfQuad(there);
  sampleQuad(raster, there, grid, 'linear', (pixels, y) => {
    for (let x = 0; x < grid; x++) {
      const at = y * grid + x;
      const alpha = pixels[x * 4 + 3]!;
      const place = mapPoint(frame, (x + 0.5) / grid, (y + 0.5) / grid);
      const inside =
        place.x >= 0 && place.y >= 0 && place.x <= raster.width && place.y <= raster.height;
      if (!inside || alpha < 0.05) continue;
      weight[at] = alpha * alpha * nearMask[at]! * (1 - covered[at]!) ** 2;
      for (let c = 0; c < 3; c++) {
        difference[c * count + at] = pixels[x * 4 + c]! / alpha - patch[c]![at]!;
      }
    }
  });
  const { mean, share } = consensusOf(difference, weight, count);
  const gain = smoothstep((share - fewest) / (most - fewest));
  const trust = blurred(weight, grid / 12);
  const prior = 0.05 * trust.reduce((most, value) => Math.max(most, value), 0);
  const planes = mean.map((most, c) => {
    const plane = difference.subarray(c * count, (c + 1) * count);
    if (prior === 0) return new Float32Array(count);
    const spread = blurred(
      plane.map((d, i) => weight[i]! * d),
      grid / 12,
    );
    return spread.map((sum, i) => {
      const here = (sum + prior * most) / (trust[i]! + prior);
      const departure = Math.max(-maxDeparture, Math.min(maxDeparture, here - most));
      return amount * gain * (most + departure);
    });
  });
  return { side: grid, planes };
}

interface Consensus {
  readonly mean: readonly number[];
  /** How much of the rim agrees on it, 0..1. */
  readonly share: number;
}

/**
 * The colour difference that most of the rim agrees on: from the medians, a mean reweighted by
 * nearness (Geman–McClure); the weights of other contents are lowered for good.
 */
function consensusOf(difference: Float32Array, weight: Float32Array, count: number): Consensus {
  const base = weight.slice();
  const total = base.reduce((a, b) => a + b, 0) + 1e-12;
  const planes = [0, 1, 2].map((c) => difference.subarray(c * count, (c + 1) * count));
  const [reds, greens, blues] = planes as [Float32Array, Float32Array, Float32Array];
  const weighing = Uint16Array.from(base.keys()).filter((i) => base[i]! > 0);
  const medianOf = (plane: Float32Array): number => weightedMedian(plane, base, weighing, total);
  let [r, g, b] = [medianOf(reds), medianOf(greens), medianOf(blues)];
  let agreeing = 0;
  for (let round = 0; round < 5; round++) {
    let [sumR, sumG, sumB] = [0, 0, 0];
    agreeing = 1e-12;
    for (let k = 0; k < weighing.length; k++) {
      const i = weighing[k]!;
      const dr = reds[i]! - r;
      const dg = greens[i]! - g;
      const db = blues[i]! - b;
      const apart = 1 + (dr * dr + dg * dg + db * db) / contentDifference ** 2;
      const share = base[i]! / (apart * apart);
      weight[i] = share;
      agreeing += share;
      sumR += share * reds[i]!;
      sumG += share * greens[i]!;
      sumB += share * blues[i]!;
    }
    [r, g, b] = [sumR / agreeing, sumG / agreeing, sumB / agreeing];
  }
  return { mean: [r, g, b], share: agreeing / total };
}

/** @param which of the values weigh anything */
function weightedMedian(
  values: Float32Array,
  weight: Float32Array,
  which: Uint16Array,
  total: number,
): number {
  const order = which.slice().sort((a, b) => values[a]! - values[b]!);
  let passed = 0;
  for (const i of order) {
    passed += weight[i]!;
    if (passed >= total / 2) return values[i]!;
  }
  return 0;
}

/** A Gaussian of `sigma` cells by three box filters per axis (Wells 1986); zero beyond the grid. */
function blurred(values: Float32Array, sigma: number): Float32Array {
  const reach = Math.max(1, Math.round((Math.sqrt(4 * sigma * sigma + 1) - 1) / 2));
  let current = values;
  for (const [step, stride] of [
    [1, grid],
    [grid, 1],
  ] as const) {
    for (let pass = 0; pass < 3; pass++) {
      const next = new Float32Array(grid * grid);
      for (let line = 0; line < grid; line++) {
        const start = line * stride;
        let sum = 0;
        for (let i = -reach; i < grid; i++) {
          if (i + reach < grid) sum += current[start + (i + reach) * step]!;
          if (i - reach - 1 >= 0) sum -= current[start + (i - reach - 1) * step]!;
          if (i >= 0) next[start + i * step] = sum / (2 * reach + 1);
        }
      }
      current = next;
    }
  }
  return current;
}
