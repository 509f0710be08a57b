import { smoothstep, type FacePlanes } from '../faces';
import { enlargedRows, resizeGrid, type Grid } from './grid';
import { along, type Curves } from './matchColour';

/**
 * What a layer shows, in the aligned crop and without the photograph's pixels:
 * layer = photograph · keep + share · curves(drawn) + shift, seen through mask. It is added up where the layer lies,
 * in its own pixels and depth: where `keep` is 1 and nothing is drawn, not one sample differs from the photograph.
 */
export interface ComposedFace {
  /** Of the generator's picture or detail, about −1..1; `null` where nothing is drawn. */
  readonly drawn: FacePlanes | null;
  /** What is done to its colours; `null` leaves them. */
  readonly curves: Curves | null;
  /** How much of it is added, one plane of 0..1; `null` adds all. */
  readonly share: Grid | null;
  /** What is added besides, three smooth planes; `null` for nothing. */
  readonly shift: Grid | null;
  /** Share of the photograph, one plane of 0..1; `null` shows none of it. */
  readonly keep: Grid | null;
  /** One plane of 0..1, level towards the crop's border. */
  readonly mask: Grid;
  /** How far the layer covers what is opaque below it, one plane of 0..1; `null` covers as the mask says. */
  readonly fade: Grid | null;
  /**
   * Two planes, x and y in units of the crop's side: the photograph is read this far from where it
   * is shown, so that what it knows moves along with the face. `null` leaves it where it is.
   */
  readonly carry: Grid | null;
}

/** A picture as it is, seen through a mask. */
export const shownThrough = (drawn: FacePlanes | null, mask: Grid): ComposedFace => ({
  drawn,
  curves: null,
  share: null,
  shift: null,
  keep: null,
  mask,
  fade: null,
  carry: null,
});

/** All but the photograph, as a picture of its own: share · curves(drawn) + shift, [3, size, size]. */
export function addedBy({ drawn, curves, share, shift }: ComposedFace, size: number): Float32Array {
  const added = new Float32Array(3 * size * size);
  const shareAt = share && enlargedRows(share, size);
  const shiftAt = shift && enlargedRows(shift, size);
  for (let y = 0; y < size; y++) {
    const amount = shareAt?.(y)[0];
    const shifts = shiftAt?.(y);
    for (let c = 0; c < 3; c++) {
      const [curve, smooth] = [curves?.[c], shifts?.[c]];
      for (let x = 0, at = (c * size + y) * size; x < size; x++, at++) {
        const value = drawn ? drawn.rgb[at]! : 0;
        added[at] = (amount?.[x] ?? 1) * (curve ? along(curve, value) : value) + (smooth?.[x] ?? 0);
      }
    }
  }
  return added;
}

/**
 * A composed face with something added to its channels, seen through the mask wherever that is.
 * @param change three smooth planes
 * @param share how much each cell is changed, of the same side, 0..1
 */
export function withChange(
  composed: ComposedFace,
  change: Grid,
  share: Float32Array,
): ComposedFace {
  const { side } = change;
  const mask = resizeGrid(composed.mask, side).planes[0]!;
  const shown = mask.map((value, i) => Math.max(value, smoothstep(share[i]! * 4)));
  return {
    ...composed,
    shift: composed.shift ? sumOf(composed.shift, change) : change,
    mask: { side, planes: [shown] },
  };
}

function sumOf(a: Grid, b: Grid): Grid {
  const side = Math.max(a.side, b.side);
  const [more, other] = [resizeGrid(a, side).planes, resizeGrid(b, side).planes];
  return { side, planes: more.map((plane, c) => plane.map((value, i) => value + other[c]![i]!)) };
}
