import { intersectBounds, type Bounds, type Point } from '../../../../protocol/geometry';

/** What a round brush is drawn along. */
export interface Line {
  readonly from: Point;
  readonly to: Point;
}

/** All that the brush may touch of the canvas, its soft edge too. */
export function lineBounds({ from, to }: Line, radius: number, canvas: Bounds): Bounds {
  const reach = Math.ceil(radius + 1);
  return intersectBounds(
    {
      left: Math.floor(Math.min(from.x, to.x)) - reach,
      top: Math.floor(Math.min(from.y, to.y)) - reach,
      right: Math.ceil(Math.max(from.x, to.x)) + reach,
      bottom: Math.ceil(Math.max(from.y, to.y)) + reach,
    },
    canvas,
  );
}

export function distanceToLine(point: Point, { from, to }: Line): number {
  const dx = to.x - from.x;
  const dy = to.y - from.y;
  const length2 = dx * dx + dy * dy;
  const along = ((point.x - from.x) * dx + (point.y - from.y) * dy) / (length2 || 1);
  const t = Math.min(1, Math.max(0, along));
  return Math.hypot(point.x - from.x - t * dx, point.y - from.y - t * dy);
}
