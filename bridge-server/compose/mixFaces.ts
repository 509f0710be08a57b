import type { ComposedFace } from './composedFace';
import { resizeGrid, type Grid } from './grid';

/**
 * Between two ways to compose the same face: `amount` 1 shows the first, 0 the second, mixed sample by
 * sample, masks too. Neither may keep the photograph but the first.
 */
export function mixFaces(first: ComposedFace, second: ComposedFace, amount: number): ComposedFace {
  if (amount >= 1) return first;
  if (amount <= 0) return second;
  return {
    size: first.size,
    add: first.add.map((value, i) => amount * value + (1 - amount) * second.add[i]!),
    keep: first.keep && {
      side: first.keep.side,
      planes: [first.keep.planes[0]!.map((value) => amount * value)],
    },
    mask: mixGrids(first.mask, second.mask, amount),
    fade: null,
    carry: first.carry,
  };
}

function mixGrids(first: Grid, second: Grid, amount: number): Grid {
  const side = Math.max(first.side, second.side);
  const [a, b] = [resizeGrid(first, side).planes[0]!, resizeGrid(second, side).planes[0]!];
  return { side, planes: [a.map((value, i) => amount * value + (1 - amount) * b[i]!)] };
}
