import { smoothstep } from '../faces';
import { resizeGrid, type Grid } from './grid';

/**
 * What a layer shows, in the aligned crop and without the photograph's pixels:
 * layer = photograph · keep + add, seen through mask. The photograph is added where the layer lies, in its own
 * pixels and depth: where `keep` is 1 and `add` is 0 not one sample differs from it.
 */
export interface ComposedFace {
  readonly size: number;
  /** [3, size, size], about −1..1. */
  readonly add: Float32Array;
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
  const { size } = composed;
  const { side } = change;
  const plane = size * size;
  const add = composed.add.slice();
  resizeGrid(change, size).planes.forEach((values, c) =>
    values.forEach((value, i) => (add[c * plane + i]! += value)),
  );
  const mask = resizeGrid(composed.mask, side).planes[0]!;
  const shown = mask.map((value, i) => Math.max(value, smoothstep(share[i]! * 4)));
  return { ...composed, add, mask: { side, planes: [shown] } };
}
