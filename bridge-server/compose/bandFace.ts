import type { FacePlanes } from '../faces';
import type { ComposedFace } from './composedFace';
import { extremesOf } from './extremes';
import {
  blur,
  difference,
  enlargedRows,
  measureSide,
  planesOf,
  resizeGrid,
  type Grid,
} from './grid';
import { resizeSquare } from './resample';

/** Where the pictures differ by this below the photograph's resolution, the generator's detail belongs to something else. */
const otherThing = 0.12;

/**
 * The photograph below its true resolution, the generator above it: X + a · (E − low(E)), with X the
 * photograph as it lies in the layer (enlarged), and a how far the two agree below, less what the photograph
 * itself shows above. An outline that the two draw in different places gets no fringe: the sum stays within
 * what both show nearby.
 * @param photograph the aligned face
 * @param shared how far both show the same parts of a head, one plane of 0..1
 * @param trueSide cells a side that the photograph really tells apart over the crop
 */
export function bandFace(
  photograph: FacePlanes,
  image: FacePlanes,
  trueSide: number,
  area: Grid,
  shared: Grid,
): ComposedFace {
  const { size } = image;
  const side = Math.max(8, Math.min(size, Math.round(trueSide)));
  const measure = Math.min(measureSide, size);
  const told = resized(image, side);
  const low = resized(told, size);
  const seen = {
    shown: resized(photograph, measure),
    drawn: resized(image, measure),
    drawnLow: resized(told, measure),
  };
  const sigma = Math.max(1, measure / side);
  const agrees = agreementBelow(seen, sigma);
  const known = side < measure ? knownAbove(seen, side, sigma) : null;
  const same = resizeGrid(shared, measure).planes[0]!;
  const gain = agrees.map((value, i) => value * same[i]! * (1 - (known?.[i] ?? 0)));
  const add = detailWithin(image, low, { side: measure, planes: [gain] }, seen.shown, side);
  const everything = new Float32Array(measure * measure).fill(1);
  return {
    size,
    add,
    keep: { side: measure, planes: [everything] },
    mask: area,
    fade: null,
    carry: null,
  };
}

const resized = ({ size, rgb }: FacePlanes, side: number): FacePlanes => ({
  size: side,
  rgb: resizeSquare(rgb, size, side),
});

/** The photograph and what is drawn, of one size. */
interface Seen {
  readonly shown: FacePlanes;
  readonly drawn: FacePlanes;
  readonly drawnLow: FacePlanes;
}

/** How far the two show the same below the photograph's resolution, 0..1. */
function agreementBelow({ shown, drawnLow }: Seen, sigma: number): Float32Array {
  const side = shown.size;
  const square = new Float32Array(side * side);
  const drawn = planesOf(drawnLow).planes;
  planesOf(shown).planes.forEach((plane, c) => {
    const apart = blur(difference(plane, drawn[c]!), side, sigma);
    for (let i = 0; i < square.length; i++) square[i]! += apart[i]! ** 2 / 3;
  });
  return blur(square, side, sigma).map((value) => Math.exp(-value / otherThing ** 2));
}

/** A variance, of one grey level: where less is drawn, nothing is known of it. */
const hardlyAny = (1 / 255) ** 2;

/**
 * The share of the drawn detail that the photograph shows by itself, 0..1: the regression of its own on the drawn.
 * Grain, which has nothing to do with what is drawn, does not count.
 */
function knownAbove(
  { shown, drawn, drawnLow }: Seen,
  trueSide: number,
  sigma: number,
): Float32Array {
  const side = shown.size;
  const plane = side * side;
  const shownLow = resized(resized(shown, trueSide), side);
  const together = new Float32Array(plane);
  const alone = new Float32Array(plane);
  for (let at = 0; at < 3 * plane; at += plane) {
    for (let i = 0; i < plane; i++) {
      const detail = drawn.rgb[at + i]! - drawnLow.rgb[at + i]!;
      together[i]! += detail * (shown.rgb[at + i]! - shownLow.rgb[at + i]!);
      alone[i]! += detail * detail;
    }
  }
  const spread = blur(alone, side, sigma);
  return blur(together, side, sigma).map((value, i) =>
    Math.min(1, Math.max(0, value / (spread[i]! + hardlyAny))),
  );
}

/**
 * gain · (E − low(E)), no more than keeps the sum with the photograph within what the photograph shows nearby
 * and what the drawn picture's detail, a pupil, a catchlight, stands out of its own nearby.
 */
function detailWithin(
  image: FacePlanes,
  low: FacePlanes,
  gain: Grid,
  shown: FacePlanes,
  trueSide: number,
): Float32Array {
  const { size } = image;
  const plane = size * size;
  const cells = Math.min(trueSide, shown.size);
  const [near, drawn, blurred] = [shown, image, low].map((face) =>
    extremesOf(planesOf(face), cells),
  );
  const bounds = [0, 1, 2].flatMap((c) => [
    near!.least[c]!.map(
      (value, i) => value + Math.min(0, drawn!.least[c]![i]! - blurred!.least[c]![i]!),
    ),
    near!.greatest[c]!.map(
      (value, i) => value + Math.max(0, drawn!.greatest[c]![i]! - blurred!.greatest[c]![i]!),
    ),
  ]);
  const boundsAt = enlargedRows({ side: cells, planes: bounds }, size);
  const shownAt = enlargedRows(planesOf(shown), size);
  const gainAt = enlargedRows(gain, size);
  const add = new Float32Array(3 * plane);
  for (let y = 0; y < size; y++) {
    const limits = boundsAt(y);
    const under = shownAt(y);
    const [share] = gainAt(y);
    for (let c = 0; c < 3; c++) {
      const [from, to] = [c * plane + y * size, c * plane + (y + 1) * size];
      const detail = add.subarray(from, to);
      weigh(image.rgb.subarray(from, to), low.rgb.subarray(from, to), share!, detail);
      keepWithin(detail, under[c]!, limits[2 * c]!, limits[2 * c + 1]!);
    }
  }
  return add;
}

/** gain · (a − b). */
function weigh(a: Float32Array, b: Float32Array, gain: Float32Array, out: Float32Array): void {
  for (let i = 0; i < out.length; i++) out[i] = gain[i]! * (a[i]! - b[i]!);
}

/** Lessens what is added to values that leave the limits with it; those that are outside already get none. */
function keepWithin(
  added: Float32Array,
  values: Float32Array,
  least: Float32Array,
  greatest: Float32Array,
): void {
  for (let i = 0; i < added.length; i++) {
    const value = values[i]!;
    if (added[i]! > 0) {
      const room = greatest[i]! - value;
      if (room < added[i]!) added[i] = room > 0 ? room : 0;
    } else {
      const room = least[i]! - value;
      if (room > added[i]!) added[i] = room < 0 ? room : 0;
    }
  }
}
