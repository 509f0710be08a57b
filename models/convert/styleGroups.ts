/** Which styles are which: half-open ranges of style indices. */
export interface StyleGroups {
  readonly coarse: StyleRange;
  readonly middle: StyleRange;
  readonly fine: StyleRange;
}
export type StyleRange = readonly [from: number, to: number];

/** Sides in pixels up to which a layer's style is coarse and middle (Karras et al. 2019, section 3.1). */
const MAX_COARSE = 8;
const MAX_MIDDLE = 32;

/**
 * Coarse styles feed the layers up to 8² (pose, shape), middle ones those of 16² and 32² (features,
 * hair), fine ones all others (colours, light): 0–2, 3–6 and 7–17 of the 1024² StyleGAN2.
 * @param resolutions side in pixels of the layer that each style feeds, ascending
 */
export function groupStyles(resolutions: readonly number[]): StyleGroups {
  const countUpTo = (side: number): number => resolutions.filter((each) => each <= side).length;
  const [middle, fine] = [countUpTo(MAX_COARSE), countUpTo(MAX_MIDDLE)];
  return { coarse: [0, middle], middle: [middle, fine], fine: [fine, resolutions.length] };
}
