import type { Latents } from '../../protocol/latents';
import type { ModelPackage } from '../models/modelStore';

/** Which styles of a model are coarse, middle and fine. */
export type StyleGroups = ModelPackage['styleGroups'];

/** Style indices of the named groups, ascending. */
export const styleIndices = (names: readonly string[], groups: StyleGroups): number[] =>
  Object.entries(groups)
    .filter(([name]) => names.includes(name))
    .flatMap(([, [from, to]]) => Array.from({ length: to - from }, (_, i) => from + i));

/**
 * Style mixing: `alpha·w + (1 − alpha)·code` at the indices, the codes unchanged elsewhere
 * (Richardson et al. 2021, section 4.3, with the released command line's alpha).
 * @param w [styleDim], one drawn style
 */
export function mixStyles(
  codes: Latents,
  w: Float32Array,
  indices: readonly number[],
  alpha: number,
): Latents {
  const [, styleDim] = codes.shape;
  const data = codes.data.slice();
  for (const index of indices) {
    for (let d = 0; d < styleDim; d += 1) {
      const at = index * styleDim + d;
      data[at] = alpha * w[d]! + (1 - alpha) * data[at]!;
    }
  }
  return { data, shape: codes.shape };
}
