import type { Point } from '../../protocol/geometry';

/** A place of the outline in two pictures. */
interface OutlinePair {
  readonly before: Point;
  readonly after: Point;
}

/** Outlines are level at top and chin: there heights tell nothing, and the points themselves do. */
const ends = 0.06;

/**
 * Where the outline of a face went: to both sides, points at the same height between the top and the chin.
 * Which points of a mesh make the outline changes with the turn, so it is the hulls that are compared.
 * @param count points to a side
 */
export function outlinePairs(
  before: readonly Point[],
  after: readonly Point[],
  count: number,
): readonly OutlinePair[] {
  const [from, to] = [convexHull(before), convexHull(after)];
  return Array.from({ length: count }, (_, i) => {
    const share = ends + ((1 - 2 * ends) * (i + 0.5)) / count;
    const [a, b] = [crossing(from, share), crossing(to, share)];
    return [
      { before: a.left, after: b.left },
      { before: a.right, after: b.right },
    ];
  }).flat();
}

/**
 * What of a mesh is seen against its background, a closed line clockwise from the top: on a turned head it is not
 * the face's oval.
 * @param count points to a side
 */
export function silhouetteOf(points: readonly Point[], count: number): readonly Point[] {
  const hull = convexHull(points);
  const sides = Array.from({ length: count }, (_, i) => crossing(hull, (i + 0.5) / count));
  return [...sides.map(({ right }) => right), ...sides.reverse().map(({ left }) => left)];
}

/** Where a hull begins and ends at a share of its height. */
function crossing(
  hull: readonly Point[],
  share: number,
): { readonly left: Point; readonly right: Point } {
  let [top, bottom] = [Infinity, -Infinity];
  for (const { y } of hull) {
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  const y = top + share * (bottom - top);
  let [left, right] = [Infinity, -Infinity];
  hull.forEach((a, i) => {
    const b = hull[(i + 1) % hull.length]!;
    if (a.y === b.y || y < Math.min(a.y, b.y) || y > Math.max(a.y, b.y)) return;
    const x = a.x + ((b.x - a.x) * (y - a.y)) / (b.y - a.y);
    left = Math.min(left, x);
    right = Math.max(right, x);
  });
  return { left: { x: left, y }, right: { x: right, y } };
}

/** Andrew's monotone chain (1979). */
function convexHull(points: readonly Point[]): readonly Point[] {
  const sorted = [...points].sort((a, b) => a.x - b.x || a.y - b.y);
  const chain = (ordered: readonly Point[]): Point[] => {
    const kept: Point[] = [];
    for (const point of ordered) {
      while (kept.length > 1 && turn(kept.at(-2)!, kept.at(-1)!, point) <= 0) kept.pop();
      kept.push(point);
    }
    return kept.slice(0, -1);
  };
  return [...chain(sorted), ...chain(sorted.reverse())];
}

const turn = (a: Point, b: Point, c: Point): number =>
  (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
