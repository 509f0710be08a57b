import type { Point } from '../../protocol/geometry';
import { resizeGrid, sampleGridLine, type Grid } from './grid';
import { membrane } from './membrane';

const side = 128;
/** Movements below this share of the crop's side are the mesh's own unrest. */
const unrest = 0.004;

/**
 * How a face moved between two pictures, as the way back: read the first picture at p + carry(p) to
 * meet what the second shows at p. The mesh's points say it, a membrane spreads it over the crop, and
 * it is still at the border.
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
  const weight = new Float32Array(side * side);
  const planes = [new Float32Array(side * side), new Float32Array(side * side)] as const;
  after.forEach((point, i) => {
    const [x, y] = [Math.floor(point.x * side), Math.floor(point.y * side)];
    if (x < 0 || y < 0 || x >= side || y >= side) return;
    const at = y * side + x;
    weight[at]! += 1;
    planes[0][at]! += moves[i]!.x;
    planes[1][at]! += moves[i]!.y;
  });
  for (let i = 0; i < weight.length; i++) {
    if (weight[i] === 0) continue;
    planes[0][i]! /= weight[i]!;
    planes[1][i]! /= weight[i]!;
    // Soft: single points may err.
    weight[i] = 2e-3;
  }
  for (let i = 0; i < side; i++) {
    for (const at of [i, (side - 1) * side + i, i * side, i * side + side - 1]) weight[at] = 1;
  }
  return { side, planes: membrane(planes, weight, side) };
}

/** Planes read at p + carry(p). */
export function carryGrid(grid: Grid, carry: Grid): Grid {
  const { side: target } = grid;
  const [dx, dy] = resizeGrid(carry, target).planes;
  const value = new Float32Array(1);
  const planes = grid.planes.map((plane) => {
    const out = new Float32Array(plane.length);
    for (let y = 0, at = 0; y < target; y++) {
      for (let x = 0; x < target; x++, at++) {
        const u = (x + 0.5) / target + dx![at]!;
        const v = (y + 0.5) / target + dy![at]!;
        sampleGridLine(plane, target, { u, v, du: 0, dv: 0 }, 1, value);
        out[at] = value[0]!;
      }
    }
    return out;
  });
  return { side: target, planes };
}
