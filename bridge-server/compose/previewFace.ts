import type { FacePlanes } from '../faces';
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
    const [added, smooth] = [picture?.planes[c], shift?.[c]];
    const [old, still] = [moved.planes[c]!, before.planes[c]!];
    for (let i = 0, to = c * plane; i < plane; i++, to++) {
      let value = 0;
      if (added) value = share ? share[i]! * added[i]! : added[i]!;
      if (smooth) value += smooth[i]!;
      if (keep) value += keep[i]! * old[i]!;
      const shown = value < 0 ? 0 : value > 1 ? 1 : value;
      rgb[to] = still[i]! + mask[i]! * (shown - still[i]!);
    }
  }
  return { size, rgb };
}
