import {
  boundsHeight,
  boundsOfPoints,
  boundsWidth,
  intersectBounds,
  type Bounds,
  type Point,
} from '../../../../protocol/geometry';
import type { Selection } from './selection';

/** Lines looked at in each row of pixels: the edge is antialiased down, and exact across. */
const linesPerRow = 4;

/** What lies inside a closed outline, however often it crosses itself; `null` where that is nothing. */
export function polygonSelection(points: readonly Point[], canvas: Bounds): Selection | null {
  if (points.length < 3) return null;
  const bounds = intersectBounds(boundsOfPoints(points), canvas);
  const [width, height] = [boundsWidth(bounds), boundsHeight(bounds)];
  const data = new Uint8Array(width * height);
  const cover = new Float32Array(width);
  for (let row = 0; row < height; row += 1) {
    cover.fill(0);
    for (let line = 0; line < linesPerRow; line += 1) {
      const y = bounds.top + row + (line + 0.5) / linesPerRow;
      for (const [from, to] of spansAt(points, y)) {
        addSpan(cover, from - bounds.left, to - bounds.left);
      }
    }
    for (let x = 0; x < width; x += 1) {
      data[row * width + x] = Math.round((255 * cover[x]!) / linesPerRow);
    }
  }
  return data.some((value) => value > 0) ? { bounds, mask: { width, height, data } } : null;
}

/** Where a horizontal line is inside, by the winding rule. */
function spansAt(points: readonly Point[], y: number): readonly (readonly [number, number])[] {
  const crossings = points
    .flatMap((a, index) => {
      const b = points[(index + 1) % points.length]!;
      if (a.y <= y === b.y <= y) return [];
      return [{ x: a.x + ((y - a.y) / (b.y - a.y)) * (b.x - a.x), turn: a.y <= y ? 1 : -1 }];
    })
    .sort((a, b) => a.x - b.x);
  const spans: [number, number][] = [];
  let winding = 0;
  let start = 0;
  for (const { x, turn } of crossings) {
    if (winding === 0) start = x;
    winding += turn;
    if (winding === 0) spans.push([start, x]);
  }
  return spans;
}

function addSpan(cover: Float32Array, from: number, to: number): void {
  const first = Math.max(0, Math.floor(from));
  const last = Math.min(cover.length - 1, Math.ceil(to) - 1);
  for (let x = first; x <= last; x += 1) {
    cover[x]! += Math.max(0, Math.min(to, x + 1) - Math.max(from, x));
  }
}
