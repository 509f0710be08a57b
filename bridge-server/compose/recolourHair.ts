import { fadeToBorder, type FacePlanes } from '../faces';
import { carryGrid } from './carry';
import { withChange, type ComposedFace } from './composedFace';
import { measureSide, planesOf, resizeGrid, type Grid } from './grid';
import { lightGain, relit, type Gain, type Part } from './lightGain';

/** A crop with less hair than this share has none to go by. */
const least = 0.005;
/** Recoloured hair that leaves the crop fades to its own colour over this share of the side. */
const fade = 0.14;

/** By the mean light of both pictures' hair; `null` where either shows none. Their shapes may differ. */
export const hairGain = (before: Part, after: Part): Gain | null => lightGain(before, after, least);

/**
 * The photograph's own hair in another light. Hairs stay the photograph's, wherever the generator has its own.
 * @param hair of the photograph, in the crop
 */
export function recolourHair(
  composed: ComposedFace,
  photograph: FacePlanes,
  hair: Grid,
  gain: Gain,
): ComposedFace {
  const { carry } = composed;
  const side = Math.min(measureSide, photograph.size);
  const moved = (grid: Grid): Grid => (carry ? carryGrid(grid, carry) : grid);
  const inside = fadeToBorder(side, fade);
  const share = moved(resizeGrid(hair, side)).planes[0]!.map((value, i) => value * inside[i]!);
  const own = moved(resizeGrid(planesOf(photograph), side));
  const change = own.planes.map((plane, c) =>
    plane.map((value, i) => share[i]! * (relit(value, gain[c]!) - value)),
  );
  return withChange(composed, { side, planes: change }, share);
}
