import { linearSteps, seenPlanes, seenSide, shrinkPlane, type FacePlanes } from '../faces';

/** Smooth values over the aligned crop: planes of side², cell centres at (i + ½) / side. */
export interface Grid {
  readonly side: number;
  readonly planes: readonly Float32Array[];
}

/** Measures and masks are smooth: they live on a grid of this side and are enlarged where they are read. */
export const measureSide = seenSide;

/** A Gaussian of `sigma` cells by three box filters per axis (Wells 1986); the border counts what is there. */
export function blur(values: Float32Array, side: number, sigma: number): Float32Array {
  const reach = Math.round((Math.sqrt(4 * sigma * sigma + 1) - 1) / 2);
  if (reach < 1) return values;
  const gains = Float64Array.from({ length: side }, (_, i) => {
    return 1 / (Math.min(side - 1, i + reach) - Math.max(0, i - reach) + 1);
  });
  let from: Float32Array = values;
  let to: Float32Array = new Float32Array(values.length);
  const spare = new Float32Array(values.length);
  for (const filter of [boxRows, boxColumns]) {
    for (let pass = 0; pass < 3; pass++) {
      filter(from, to, side, reach, gains);
      // The given values are kept.
      [from, to] = [to, from === values ? spare : from];
    }
  }
  return from;
}

type BoxFilter = (
  from: Float32Array,
  to: Float32Array,
  side: number,
  reach: number,
  gains: Float64Array,
) => void;

const boxRows: BoxFilter = (from, to, side, reach, gains) => {
  for (let start = 0; start < from.length; start += side) {
    let sum = 0;
    for (let i = 0; i < Math.min(reach, side); i++) sum += from[start + i]!;
    for (let i = 0; i < side; i++) {
      if (i + reach < side) sum += from[start + i + reach]!;
      if (i > reach) sum -= from[start + i - reach - 1]!;
      to[start + i] = sum * gains[i]!;
    }
  }
};

/** All columns at once, row by row as they lie in memory. */
const boxColumns: BoxFilter = (from, to, side, reach, gains) => {
  const sums = new Float64Array(side);
  for (let at = 0, x = 0; at < Math.min(reach, side) * side; at++, x = x + 1 < side ? x + 1 : 0) {
    sums[x]! += from[at]!;
  }
  // What lies beyond the border is nothing.
  const nothing = new Float32Array(side);
  for (let y = 0; y < side; y++) {
    const row = (of: number): Float32Array =>
      of < 0 || of >= side ? nothing : from.subarray(of * side, (of + 1) * side);
    const gain = gains[y]!;
    const entering = row(y + reach);
    const leaving = row(y - reach - 1);
    for (let x = 0, at = y * side; x < side; x++, at++) {
      const sum = sums[x]! + entering[x]! - leaving[x]!;
      sums[x] = sum;
      to[at] = sum * gain;
    }
  }
};

/** of − from, cell by cell. */
export function difference(of: Float32Array, from: Float32Array): Float32Array {
  const apart = new Float32Array(of.length);
  for (let i = 0; i < apart.length; i++) apart[i] = of[i]! - from[i]!;
  return apart;
}

/** a · b, cell by cell. */
export function product(a: Float32Array, b: Float32Array): Float32Array {
  const both = new Float32Array(a.length);
  for (let i = 0; i < both.length; i++) both[i] = a[i]! * b[i]!;
  return both;
}

/** Planes of another side: linear where they grow, whole cells averaged where they shrink by a whole factor. */
export function resizeGrid(grid: Grid, target: number): Grid {
  const { side, planes } = grid;
  if (side === target) return grid;
  if (side % target === 0) {
    return { side: target, planes: planes.map((plane) => shrinkPlane(plane, side, side / target)) };
  }
  const enlarged = planes.map(() => new Float32Array(target * target));
  const rowsAt = enlargedRows(grid, target);
  for (let y = 0; y < target; y++) {
    rowsAt(y).forEach((row, c) => enlarged[c]!.set(row, y * target));
  }
  return { side: target, planes: enlarged };
}

/**
 * Planes enlarged to `target` a side, linearly, one row at a time: for those who pass over a large picture once
 * and need no enlarged copy. The rows that it gives are overwritten by the next.
 * @param columns from the first to before the second: what the rows hold beside them is nothing
 */
export function enlargedRows(
  { side, planes }: Grid,
  target: number,
  all: readonly [number, number] = [0, target],
): (y: number, columns?: readonly [number, number]) => readonly Float32Array[] {
  if (side === target) {
    return (y) => planes.map((plane) => plane.subarray(y * side, (y + 1) * side));
  }
  const { low, mix } = linearSteps(side, target);
  const between = new Float32Array(side);
  const rows = planes.map(() => new Float32Array(target));
  return (y, [first, end] = all) => {
    if (end <= first) return rows;
    const [firstCell, lastCell] = [low[first]!, low[end - 1]! + 1];
    const top = low[y]! * side;
    const my = mix[y]!;
    planes.forEach((plane, c) => {
      const [upper, lower] = [plane.subarray(top, top + side), plane.subarray(top + side)];
      mixRows(upper, lower, my, firstCell, lastCell, between);
      mixNeighbours(between, low, mix, first, end, rows[c]!);
    });
    return rows;
  };
}

// Loops are functions of their own: they are compiled as such, and hand no numbers over in memory.

function mixRows(
  upper: Float32Array,
  lower: Float32Array,
  share: number,
  first: number,
  last: number,
  out: Float32Array,
): void {
  for (let x = first; x <= last; x++) out[x] = upper[x]! * (1 - share) + lower[x]! * share;
}

function mixNeighbours(
  values: Float32Array,
  low: Int32Array,
  mix: Float32Array,
  first: number,
  end: number,
  out: Float32Array,
): void {
  for (let x = first; x < end; x++) {
    const left = low[x]!;
    const share = mix[x]!;
    out[x] = values[left]! * (1 - share) + values[left + 1]! * share;
  }
}

/** Of every row of an enlarged plane, the columns in which it may be more than `least`: from the first to before the second. */
export function columnsAbove(
  least: number,
  plane: Float32Array,
  side: number,
  target: number,
): (y: number) => readonly [number, number] {
  const first = new Int32Array(side).fill(side);
  const last = new Int32Array(side).fill(-1);
  plane.forEach((value, at) => {
    if (value <= least) return;
    const [row, cell] = [Math.floor(at / side), at % side];
    first[row] = Math.min(first[row]!, cell);
    last[row] = cell;
  });
  const { low } = linearSteps(side, target);
  const perCell = target / side;
  return (y) => {
    const row = low[y]!;
    const [from, to] = [
      Math.min(first[row]!, first[row + 1]!),
      Math.max(last[row]!, last[row + 1]!),
    ];
    // A cell reaches half a cell beyond its neighbours' centres.
    return [
      Math.max(0, Math.floor((from - 0.5) * perCell)),
      Math.min(target, Math.ceil((to + 1.5) * perCell)),
    ];
  };
}

/** A line of points (u + i·du, v + i·dv), in units of the crop's side. */
export interface UnitLine {
  readonly u: number;
  readonly v: number;
  readonly du: number;
  readonly dv: number;
}

/**
 * Linear samples of every plane at the points from `first` to `last` of a line; the border repeated. Between four
 * cells, whatever the line's direction, they are a parabola: p + i·(q + i·r).
 */
export function sampleGridLine(
  { side, planes }: Grid,
  line: UnitLine,
  first: number,
  last: number,
  out: readonly Float32Array[],
): void {
  const end = side - 1;
  const dx = line.du * side;
  const dy = line.dv * side;
  const x0 = line.u * side - 0.5;
  const y0 = line.v * side - 0.5;
  // How many steps a cell is long.
  const perCellX = stepsAcross(dx);
  const perCellY = stepsAcross(dy);
  const endX = dx < 0 ? 0 : 1;
  const endY = dy < 0 ? 0 : 1;
  for (let i = first; i <= last;) {
    const x = x0 + i * dx;
    const y = y0 + i * dy;
    const within = x >= 0 && y >= 0 && x < end && y < end;
    const cx = x < 0 ? 0 : x > end ? end : x;
    const cy = y < 0 ? 0 : y > end ? end : y;
    const left = Math.min(cx | 0, end - 1);
    const top = Math.min(cy | 0, end - 1);
    // Beyond the border one by one.
    const mx = cx - left;
    const my = cy - top;
    const steps = within
      ? Math.min(last - i, ((endX - mx) * perCellX) | 0, ((endY - my) * perCellY) | 0)
      : 0;
    const at = top * side + left;
    for (let c = 0; c < planes.length; c++) {
      const plane = planes[c]!;
      const values = out[c]!;
      const start = plane[at]!;
      const right = plane[at + 1]! - start;
      const down = plane[at + side]! - start;
      const both = plane[at + side + 1]! - start - right - down;
      const p = start + mx * right + my * (down + mx * both);
      const q = right * dx + down * dy + both * (mx * dy + my * dx);
      const r = both * dx * dy;
      for (let k = 0; k <= steps; k++) values[i + k] = p + k * (q + k * r);
    }
    i += steps + 1;
  }
}

/** With its sign; a line along the cells leaves them never, or nearly. */
const stepsAcross = (step: number): number => (Math.abs(step) < 1e-6 ? 1e6 : 1 / step);

/** The planes of a picture, not copied. */
export function planesOf({ size, rgb }: FacePlanes): Grid {
  const plane = size * size;
  return { side: size, planes: [0, 1, 2].map((c) => rgb.subarray(c * plane, (c + 1) * plane)) };
}

/** The planes of a picture as it is measured. */
export const measuredPlanes = (image: FacePlanes): Grid => planesOf(seenPlanes(image));

/** A part of the crop, in units of its side. */
export interface UnitBox {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Rounds to 0 of 255. */
const invisible = 0.5 / 255;

/** What a mask shows some of, `least` or more; `null` where it shows nothing. */
export function shownBox({ side, planes }: Grid, least = invisible): UnitBox | null {
  let [left, top, right, bottom] = [side, side, -1, -1];
  for (let y = 0, at = 0; y < side; y++) {
    for (let x = 0; x < side; x++, at++) {
      if (planes[0]![at]! < least) continue;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = y;
    }
  }
  if (right < 0) return null;
  // A cell reaches half a cell beyond its neighbours' centres.
  const before = (cell: number): number => Math.max(0, (cell - 0.5) / side);
  const after = (cell: number): number => Math.min(1, (cell + 1.5) / side);
  return { left: before(left), top: before(top), right: after(right), bottom: after(bottom) };
}
