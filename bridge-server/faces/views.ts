import type { Point } from '../../protocol/geometry';

/** A square window on the picture. */
export interface View {
  readonly centre: Point;
  readonly side: number;
  /** Radians that the window is turned by, clockwise. Level unless given. */
  readonly turn?: number;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** What the detector sees in one window; closer there is nothing more to see. */
const minSide = 256;
/** The closest windows of large pictures: 400 of them for a square one. */
const maxReduction = 16;

/**
 * BlazeFace sees faces from about a tenth of its window on, up to two thirds. So it looks at all scales,
 * whatever one of them shows: from further away, for a face that fills everything, at the whole, and
 * through overlapping windows, each scale at most twice as close as the one before.
 */
export function searchViews(size: Size): readonly View[] {
  const longer = Math.max(size.width, size.height);
  const centre = { x: size.width / 2, y: size.height / 2 };
  const views: View[] = [2, 1.5, 1].map((gain) => ({ centre, side: gain * longer }));
  const closest = Math.max(1, Math.min(longer / minSide, maxReduction));
  const scales = Math.ceil(Math.log2(closest));
  for (let scale = 1; scale <= scales; scale++) {
    views.push(...tiles(size, longer / closest ** (scale / scales)));
  }
  return views;
}

/** Windows of one size over the picture that overlap by at least a quarter. */
function tiles({ width, height }: Size, side: number): readonly View[] {
  const centres = (length: number): readonly number[] => {
    if (length <= side) return [length / 2];
    const count = Math.ceil((length - side) / (0.75 * side)) + 1;
    const step = (length - side) / (count - 1);
    return Array.from({ length: count }, (_, i) => side / 2 + i * step);
  };
  return centres(height).flatMap((y) => centres(width).map((x) => ({ centre: { x, y }, side })));
}
