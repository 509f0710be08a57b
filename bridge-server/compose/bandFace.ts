import { cubicTaps, filterRows, resizePlanes, type FacePlanes } from '../faces';
import { shownThrough, type ComposedFace } from './composedFace';
import { extremesOf, type Extremes } from './extremes';
import {
  blur,
  columnsAbove,
  difference,
  enlargedRows,
  measureSide,
  planesOf,
  resizeGrid,
  type Grid,
} from './grid';

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
  const drawn = resized(image, measure);
  const told = resized(side < measure ? drawn : image, side);
  const drawnLow = side < measure ? resized(told, measure) : drawn;
  const seen = { shown: resized(photograph, measure), drawn, drawnLow };
  const sigma = Math.max(1, measure / side);
  const agrees = agreementBelow(seen, sigma);
  const known = side < measure ? knownAbove(seen, side, sigma) : null;
  const same = resizeGrid(shared, measure).planes[0]!;
  const gain = agrees.map((value, i) => value * same[i]! * (1 - (known?.[i] ?? 0)));
  const everything = new Float32Array(measure * measure).fill(1);
  const rgb = detailWithin(image, told, gain, seen.shown);
  return {
    ...shownThrough({ size, rgb }, area),
    keep: { side: measure, planes: [everything] },
  };
}

const resized = (face: FacePlanes, side: number): FacePlanes =>
  face.size === side ? face : resizePlanes(face, { left: 0, top: 0, side: 1 }, side);

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

/** A gain of less adds nothing that anybody sees. */
const invisible = 1 / 512;

/**
 * gain · (E − low(E)), no more than keeps the sum with the photograph within what the photograph shows nearby
 * and what the drawn picture's detail, a pupil, a catchlight, stands out of its own nearby.
 * @param told the drawn picture at the photograph's resolution, which low(E) is enlarged from
 */
function detailWithin(
  image: FacePlanes,
  told: FacePlanes,
  gain: Float32Array,
  shown: FacePlanes,
): Float32Array {
  const { size } = image;
  const plane = size * size;
  const add = new Float32Array(3 * plane);
  if (told.size === size) return add;
  const taps = cubicTaps(told.size, 0, told.size / size, size);
  const lowRows = planesOf(told).planes.map((values) => filterRows(values, told.size, taps));
  const room = roomFor(image, told, shown);
  const rowsAt = enlargedRows({ side: shown.size, planes: [gain, ...room] }, size);
  const columnsAt = columnsAbove(invisible, gain, shown.size, size);
  for (let y = 0; y < size; y++) {
    const columns = columnsAt(y);
    const [share, ...limits] = rowsAt(y, columns);
    // An enlarged row is made of four.
    const weights = taps.weights.subarray(4 * y, 4 * y + 4);
    for (let c = 0; c < 3; c++) {
      const [from, to] = [c * plane + y * size, c * plane + (y + 1) * size];
      const low = { rows: lowRows[c]!.subarray(taps.first[y]! * size), weights };
      const [least, greatest] = [limits[2 * c]!, limits[2 * c + 1]!];
      const drawn = image.rgb.subarray(from, to);
      writeDetail(drawn, low, share!, least, greatest, columns, add.subarray(from, to));
    }
  }
  return add;
}

/** What may be added to the photograph at the most, below 0 and above: two planes for each channel. */
function roomFor(image: FacePlanes, told: FacePlanes, shown: FacePlanes): readonly Float32Array[] {
  const cells = Math.min(told.size, shown.size);
  const near = planesOf(shown).planes;
  const [around, sharp, soft] = [shown, image, told].map((face) =>
    extremesOf(planesOf(face), cells),
  ) as [Extremes, Extremes, Extremes];
  const within = (name: keyof Extremes, c: number, sign: 1 | -1): Float32Array => {
    const [a, b, d] = [around, sharp, soft].map((each) => each[name][c]!);
    const limit = a!.map((value, i) => value + sign * Math.max(0, sign * (b![i]! - d![i]!)));
    const [enlarged] = resizeGrid({ side: cells, planes: [limit] }, shown.size).planes;
    return enlarged!.map((value, i) => sign * Math.max(0, sign * (value - near[c]![i]!)));
  };
  return [0, 1, 2].flatMap((c) => [within('least', c, -1), within('greatest', c, 1)]);
}

/** gain · (drawn − low) between the limits, in some columns of a row. */
function writeDetail(
  drawn: Float32Array,
  { rows, weights }: { readonly rows: Float32Array; readonly weights: Float32Array },
  gain: Float32Array,
  least: Float32Array,
  greatest: Float32Array,
  [first, end]: readonly [number, number],
  out: Float32Array,
): void {
  const [a = 0, b = 0, c = 0, d = 0] = weights;
  const second = out.length;
  const [third, fourth] = [2 * second, 3 * second];
  for (let i = first; i < end; i++) {
    const low = a * rows[i]! + b * rows[i + second]! + c * rows[i + third]! + d * rows[i + fourth]!;
    const detail = gain[i]! * (drawn[i]! - low);
    out[i] = detail > greatest[i]! ? greatest[i]! : detail < least[i]! ? least[i]! : detail;
  }
}
