import { clamp01 } from '../faces';
import { addedBy, shownThrough, type ComposedFace } from './composedFace';
import { resizeGrid, type Grid } from './grid';

/**
 * Between two ways to compose the same face: `amount` 1 shows the first, 0 the second, mixed sample by
 * sample, masks too. Neither may keep the photograph but the first.
 */
export function mixFaces(first: ComposedFace, second: ComposedFace, amount: number): ComposedFace {
  if (amount >= 1) return first;
  if (amount <= 0) return second;
  const size = Math.max(first.drawn?.size ?? 0, second.drawn?.size ?? 0);
  const [rgb, other] = [addedBy(first, size), addedBy(second, size)];
  // The second is all of its picture: what is brighter than white is white.
  for (let i = 0; i < rgb.length; i++) {
    rgb[i] = amount * rgb[i]! + (1 - amount) * clamp01(other[i]!);
  }
  return {
    ...shownThrough({ size, rgb }, mixGrids(first.mask, second.mask, amount)),
    keep: first.keep && {
      side: first.keep.side,
      planes: [first.keep.planes[0]!.map((value) => amount * value)],
    },
    carry: first.carry,
  };
}

function mixGrids(first: Grid, second: Grid, amount: number): Grid {
  const side = Math.max(first.side, second.side);
  const [a, b] = [resizeGrid(first, side).planes[0]!, resizeGrid(second, side).planes[0]!];
  return { side, planes: [a.map((value, i) => amount * value + (1 - amount) * b[i]!)] };
}
