import type { Point } from '../../protocol/geometry';
import { enlargedRows, type Grid } from './grid';
import { dot, leastSquares } from './leastSquares';
import { membrane } from './membrane';
import { outlinePairs } from './silhouette';

const side = 128;
/** Movements below this share of the crop's side are the mesh's own unrest. */
const unrest = 0.004;
/** What single points of the mesh weigh, which may err, and what its outline does: by it all around the face hangs. */
const [pointWeight, outlineWeight] = [2e-3, 0.05];

/**
 * How a face moved between two pictures, as the way back: read the first picture at p + carry(p) to
 * meet what the second shows at p. The mesh's points say it within the face, its outline to both sides
 * whichever points it is made of; a membrane spreads it over the crop, and it is still at the border.
 * @param before mesh points in the crop, 0..1; after: the same points in the second picture
 * @returns `null` where nothing moved
 */
export function carryOf(before: readonly Point[], after: readonly Point[]): Grid | null {
  const moves = after.map((point, i) => ({
    x: before[i]!.x - point.x,
    y: before[i]!.y - point.y,
  }));
  const lengths = moves.map(({ x, y }) => Math.hypot(x, y)).sort((a, b) => a - b);
  if (lengths[Math.floor(lengths.length * 0.9)]! < unrest) return null;
  const cells = createCells();
  const trust = agreementOf(after, moves);
  after.forEach((point, i) => {
    cells.add(point, before[i]!, pointWeight * trust[i]!);
  });
  for (const pair of outlinePairs(before, after, side)) {
    cells.add(pair.after, pair.before, outlineWeight);
  }
  const { planes, weight } = cells.means();
  for (let i = 0; i < side; i++) {
    for (const at of [i, (side - 1) * side + i, i * side, i * side + side - 1]) weight[at] = 1;
  }
  return { side, planes: membrane(planes, weight, side) };
}

/** Gathers ways back by the cells in which they start; a cell weighs as its heaviest. */
function createCells() {
  const weight = new Float32Array(side * side);
  const total = new Float32Array(side * side);
  const sums = [new Float32Array(side * side), new Float32Array(side * side)] as const;
  return {
    add(at: Point, from: Point, share: number): void {
      const [x, y] = [Math.floor(at.x * side), Math.floor(at.y * side)];
      if (x < 0 || y < 0 || x >= side || y >= side || share === 0) return;
      const cell = y * side + x;
      weight[cell] = Math.max(weight[cell]!, share);
      total[cell]! += share;
      sums[0][cell]! += share * (from.x - at.x);
      sums[1][cell]! += share * (from.y - at.y);
    },
    means: () => ({
      weight,
      planes: sums.map((sum) => sum.map((value, i) => (total[i]! > 0 ? value / total[i]! : 0))),
    }),
  };
}

/** A point that moves otherwise than its surroundings by this share of the side counts half. */
const oddMove = 0.015;

/**
 * How far each point moves as a smooth turn of the face has it, 0..1: a cubic surface through the moves, fitted
 * again without those that err (Geman–McClure weights). Points of a turned head that face away are guesses.
 */
function agreementOf(points: readonly Point[], moves: readonly Point[]): Float32Array {
  const terms = points.map(({ x, y }) => cubicTerms(x - 0.5, y - 0.5));
  const trust = new Float32Array(points.length).fill(1);
  for (let round = 0; round < 4; round++) {
    const along = (axis: 'x' | 'y'): Float64Array =>
      leastSquares(
        terms,
        moves.map((move) => move[axis]),
        trust,
      );
    const [u, v] = [along('x'), along('y')];
    for (let i = 0; i < trust.length; i++) {
      const dx = moves[i]!.x - dot(u, terms[i]!);
      const dy = moves[i]!.y - dot(v, terms[i]!);
      trust[i] = 1 / (1 + (dx * dx + dy * dy) / oddMove ** 2) ** 2;
    }
  }
  return trust;
}

const cubicTerms = (x: number, y: number): readonly number[] => [
  1,
  x,
  y,
  x * x,
  x * y,
  y * y,
  x ** 3,
  x * x * y,
  x * y * y,
  y ** 3,
];

/** Planes read at p + carry(p), linearly; the border is repeated. */
export function carryGrid(grid: Grid, carry: Grid): Grid {
  const { side } = grid;
  const planes = grid.planes.map(() => new Float32Array(side * side));
  const ways = enlargedRows(carry, side);
  for (let y = 0; y < side; y++) {
    const rows = planes.map((plane) => plane.subarray(y * side, (y + 1) * side));
    carryRow(grid, ways(y), y, rows);
  }
  return { side, planes };
}

/**
 * One row of carried planes.
 * @param way the carry's two planes along the row
 */
function carryRow(
  { side, planes }: Grid,
  way: readonly Float32Array[],
  y: number,
  out: readonly Float32Array[],
): void {
  const end = side - 1;
  const [dx, dy] = way as [Float32Array, Float32Array];
  for (let c = 0; c < planes.length; c++) {
    const plane = planes[c]!;
    const row = out[c]!;
    for (let x = 0; x < side; x++) {
      const u = x + dx[x]! * side;
      const v = y + dy[x]! * side;
      const cu = u < 0 ? 0 : u > end ? end : u;
      const cv = v < 0 ? 0 : v > end ? end : v;
      const left = cu | 0;
      const top = cv | 0;
      const mx = cu - left;
      const from = top * side + left;
      const right = left < end ? 1 : 0;
      const under = from + (top < end ? side : 0);
      const upper = plane[from]! + mx * (plane[from + right]! - plane[from]!);
      const lower = plane[under]! + mx * (plane[under + right]! - plane[under]!);
      row[x] = upper + (cv - top) * (lower - upper);
    }
  }
}
