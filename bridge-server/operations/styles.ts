import type { Latents } from './job';

/** The paper's groups of style indices; with 18 styles, fine is 7–17. */
const groups: Readonly<Record<string, readonly [from: number, to: number]>> = {
  coarse: [0, 3],
  middle: [3, 7],
  fine: [7, Infinity],
};

/** Style indices of the named groups, ascending. */
export function styleIndices(names: readonly string[], nStyles: number): number[] {
  return Array.from({ length: nStyles }, (_, index) => index).filter((index) =>
    names.some((name) => {
      const [from, to] = groups[name] ?? [0, 0];
      return index >= from && index < to;
    }),
  );
}

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
