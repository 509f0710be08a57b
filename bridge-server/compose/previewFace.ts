import type { FacePlanes } from '../faces';
import { carryGrid } from './carry';
import type { ComposedFace } from './composedFace';
import { planesOf, resizeGrid } from './grid';

/**
 * The aligned face as the document will show it, seen through the layer's mask: what likeness is
 * judged by.
 * @param photograph the aligned face before
 */
export function previewFace(composed: ComposedFace, photograph: FacePlanes): FacePlanes {
  const { size } = photograph;
  const before = planesOf(photograph);
  const moved = composed.carry ? carryGrid(before, composed.carry) : before;
  const add = resizeGrid(planesOf({ size: composed.size, rgb: composed.add }), size).planes;
  const keep = composed.keep && resizeGrid(composed.keep, size).planes[0]!;
  const mask = resizeGrid(composed.mask, size).planes[0]!;
  const plane = size * size;
  const rgb = new Float32Array(3 * plane);
  for (let c = 0; c < 3; c++) {
    for (let i = 0; i < plane; i++) {
      const value = add[c]![i]! + (keep ? keep[i]! * moved.planes[c]![i]! : 0);
      const shown = value < 0 ? 0 : value > 1 ? 1 : value;
      const weight = mask[i]!;
      rgb[c * plane + i] = weight * shown + (1 - weight) * before.planes[c]![i]!;
    }
  }
  return { size, rgb };
}
