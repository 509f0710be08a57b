import { clamp01, type FacePlanes } from '../faces';
import { carryGrid } from './carry';
import type { ComposedFace } from './composedFace';
import { measuredPlanes, planesOf, resizeGrid, type Grid } from './grid';
import { curved } from './matchColour';

/**
 * The aligned face as the document will show it, seen through the layer's mask: what likeness is
 * judged by.
 * @param photograph the aligned face before
 */
export function previewFace(composed: ComposedFace, photograph: FacePlanes): FacePlanes {
  const { size } = photograph;
  const { drawn, curves, carry } = composed;
  const planesAt = (grid: Grid | null) => grid && resizeGrid(grid, size).planes;
  const before = planesOf(photograph);
  const moved = carry ? carryGrid(before, carry) : before;
  const picture = drawn && curved(resizeGrid(measuredPlanes(drawn), size), curves);
  const share = planesAt(composed.share)?.[0];
  const shift = planesAt(composed.shift);
  const keep = planesAt(composed.keep)?.[0];
  const mask = resizeGrid(composed.mask, size).planes[0]!;
  const plane = size * size;
  const rgb = new Float32Array(3 * plane);
  for (let c = 0; c < 3; c++) {
    const shown = rgb.subarray(c * plane, (c + 1) * plane);
    if (picture) add(shown, picture.planes[c]!, share);
    if (shift) add(shown, shift[c]!, null);
    if (keep) add(shown, moved.planes[c]!, keep);
    through(mask, before.planes[c]!, shown);
  }
  return { size, rgb };
}

function add(to: Float32Array, plane: Float32Array, share: Float32Array | null | undefined): void {
  if (share) for (let i = 0; i < to.length; i++) to[i]! += share[i]! * plane[i]!;
  else for (let i = 0; i < to.length; i++) to[i]! += plane[i]!;
}

/** What is shown, held within 0..1, over what is below the mask; in place. */
function through(mask: Float32Array, below: Float32Array, shown: Float32Array): void {
  for (let i = 0; i < shown.length; i++) {
    shown[i] = below[i]! + mask[i]! * (clamp01(shown[i]!) - below[i]!);
  }
}
