import type { View } from './detector';

interface Size {
  readonly width: number;
  readonly height: number;
}

/**
 * BlazeFace sees faces from about a tenth of its window on. The whole picture and, for smaller
 * faces, overlapping windows of 0.6 of its longer side: what every search looks through.
 */
export function firstViews(size: Size): readonly View[] {
  const longer = Math.max(size.width, size.height);
  const whole = { centre: { x: size.width / 2, y: size.height / 2 }, side: longer };
  return longer > 256 ? [whole, ...tiles(size, 0.6 * longer)] : [whole];
}

/** Where those show nothing: from further away, for a face that fills everything, and closer. */
export function closerViews(size: Size): readonly View[] {
  const longer = Math.max(size.width, size.height);
  const centre = { x: size.width / 2, y: size.height / 2 };
  const away = [1.5, 2].map((gain) => ({ centre, side: gain * longer }));
  return longer > 512 ? [...away, ...tiles(size, 0.3 * longer)] : away;
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
