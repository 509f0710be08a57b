import type { Point, Quad } from '../../protocol/geometry';
import { frameOfQuad, invertFrame, mapPoint } from './frame';
import { meanPoint, type Outline } from './landmarks';
import { fadeToBorder, smoothstep } from './planes';

/** What of the aligned crop is pasted: the skin of the face, the head with its hair, or everything. */
export type MaskArea = 'face' | 'head' | 'crop';

/** Share of the crop's side over which every mask reaches 0 before the quad's border. */
const borderFeather = { face: 0.05, head: 0.08, crop: 0.14 } as const;
/** Where the masks' edges lie, in radii of their shape, and how far they reach to both sides by default. */
const edges = { face: 0.91, head: 0.9 } as const;
export const defaultFeather = { face: 0.13, head: 0.18, crop: 0.14 } as const;
/** A cell of the mask's own grid: harder edges would show it. */
const leastFeather = 0.01;
/** Masks are smooth: they are computed on this grid and enlarged. */
const gridSize = 128;

/**
 * A soft mask in the aligned crop, [size, size] in 0..1, 0 along the quad's border.
 * @param face in the same coordinates as `quad`
 * @param feather how wide the edge is: a share of the shape's radius to both sides, of the crop's side for the crop
 */
export function faceMask(
  face: Outline,
  quad: Quad,
  size: number,
  area: MaskArea,
  feather: number = defaultFeather[area],
): Float32Array {
  const grid = Math.min(size, gridSize);
  const border = area === 'crop' ? Math.max(feather, leastFeather) : borderFeather[area];
  const coarse = fadeToBorder(grid, border);
  if (area !== 'crop') {
    const inside = shapeOf(face, quad, area, feather);
    for (let y = 0, at = 0; y < grid; y++) {
      for (let x = 0; x < grid; x++, at++) {
        coarse[at]! *= inside((x + 0.5) / grid, (y + 0.5) / grid);
      }
    }
  }
  return grid === size ? coarse : enlarge(coarse, grid, size);
}

/**
 * Both shapes are stars around the face's centre, given by a radius per direction: 1 within the
 * inner share of the radius, 0 beyond the outer one.
 */
function shapeOf(
  face: Outline,
  quad: Quad,
  area: 'face' | 'head',
  feather: number,
): (u: number, v: number) => number {
  const inverse = invertFrame(frameOfQuad(quad));
  const inCrop = (point: Point): Point => mapPoint(inverse, point.x, point.y);
  const contour = face.contour.map(inCrop);
  const eyes = meanPoint([inCrop(face.landmarks.leftEye), inCrop(face.landmarks.rightEye)]);
  const chin = Math.max(...contour.map(({ y }) => y));
  const centre = { x: meanPoint(contour).x, y: (eyes.y * 2 + chin) / 3 };
  const grown = contour.map((point) => grow(point, centre, eyes.y, area));
  const { radius, least, most } = radiusByDirection(grown, centre);
  const reach = Math.max(feather, leastFeather);
  const [inner, outer] = [edges[area] - reach, edges[area] + reach];
  // Whatever the direction, in here it is full, and out there nothing.
  const [full, none] = [Math.max(0, inner) * least, outer * most];
  return (u, v) => {
    const dx = u - centre.x;
    const dy = v - centre.y;
    const away = Math.sqrt(dx * dx + dy * dy);
    if (away <= full) return 1;
    if (away >= none) return 0;
    return smoothstep((outer - away / radius(Math.atan2(dy, dx))) / (outer - inner));
  };
}

/** The mesh's oval ends below the hairline: up it is drawn out; the head is wider all around. */
function grow(point: Point, centre: Point, eyeLine: number, area: 'face' | 'head'): Point {
  const above = Math.max(0, eyeLine - point.y);
  if (area === 'face') return { x: point.x, y: point.y - 0.3 * above };
  return {
    x: centre.x + 1.42 * (point.x - centre.x),
    y: point.y < eyeLine ? point.y - 1.25 * above : centre.y + 1.14 * (point.y - centre.y),
  };
}

/** Distance from the centre to a closed outline in every direction, smoothed over its corners. */
function radiusByDirection(outline: readonly Point[], centre: Point) {
  const steps = 256;
  const edges = outline.map((from, i): Edge => {
    const to = outline[(i + 1) % outline.length]!;
    return { x: from.x - centre.x, y: from.y - centre.y, ex: to.x - from.x, ey: to.y - from.y };
  });
  const radii = Array.from({ length: steps }, (_, i) => {
    const angle = (i / steps) * 2 * Math.PI;
    return rayLength(edges, Math.cos(angle), Math.sin(angle));
  });
  const reach = 10;
  const smooth = radii.map((_, i) => {
    let sum = 0;
    for (let k = -reach; k <= reach; k++) sum += radii[(i + k + steps) % steps]!;
    return sum / (2 * reach + 1);
  });
  const radius = (angle: number): number => {
    const at = (angle / (2 * Math.PI) + 1) * steps;
    const low = Math.floor(at);
    const mix = at - low;
    return smooth[low % steps]! * (1 - mix) + smooth[(low + 1) % steps]! * mix;
  };
  return { radius, least: Math.min(...smooth), most: Math.max(...smooth) };
}

/** A side of an outline: where it begins, seen from the centre, and how it goes on. */
interface Edge {
  readonly x: number;
  readonly y: number;
  readonly ex: number;
  readonly ey: number;
}

/** Where a ray from the centre leaves the outline for the last time; a small default where it never meets it. */
function rayLength(edges: readonly Edge[], cos: number, sin: number): number {
  let longest = 0.01;
  for (const { x, y, ex, ey } of edges) {
    const determinant = cos * ey - sin * ex;
    if (Math.abs(determinant) < 1e-12) continue;
    const along = (x * ey - y * ex) / determinant;
    const share = (x * sin - y * cos) / determinant;
    if (share >= 0 && share <= 1 && along > longest) longest = along;
  }
  return longest;
}

/** A square plane at a larger side, bilinear; pixel centres at .5. */
export function enlarge(coarse: Float32Array, grid: number, size: number): Float32Array {
  const out = new Float32Array(size * size);
  const { low, mix } = linearSteps(grid, size);
  const row = new Float32Array(grid);
  for (let y = 0; y < size; y++) {
    const top = low[y]! * grid;
    const my = mix[y]!;
    for (let x = 0; x < grid; x++) {
      row[x] = coarse[top + x]! * (1 - my) + coarse[top + grid + x]! * my;
    }
    for (let x = 0, at = y * size; x < size; x++, at++) {
      const left = low[x]!;
      out[at] = row[left]! * (1 - mix[x]!) + row[left + 1]! * mix[x]!;
    }
  }
  return out;
}

/** For every pixel of the larger grid the lower neighbour in the smaller one and the share of the next. */
export function linearSteps(
  grid: number,
  size: number,
): { readonly low: Int32Array; readonly mix: Float32Array } {
  const low = new Int32Array(size);
  const mix = new Float32Array(size);
  for (let i = 0; i < size; i++) {
    const at = Math.min(Math.max(((i + 0.5) / size) * grid - 0.5, 0), grid - 1);
    low[i] = Math.min(Math.floor(at), grid - 2);
    mix[i] = at - low[i]!;
  }
  return { low, mix };
}
