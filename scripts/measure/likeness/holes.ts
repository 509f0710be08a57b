import { frameOfQuad, invertFrame, mapPoint } from '../../../bridge-server/faces';
import type { Mask, Raster } from '../../../protocol/raster';
import { mean, type Photograph } from './faces';

/** Whether a place of the aligned face, in shares of its side, is to be filled. */
type Hole = (x: number, y: number) => boolean;

const ellipse =
  (cx: number, cy: number, rx: number, ry: number): Hole =>
  (x, y) =>
    Math.hypot((x - cx) / rx, (y - cy) / ry) <= 1;

export const holes: Readonly<Record<string, Hole>> = {
  'mouth and nose': ellipse(0.5, 0.66, 0.18, 0.16),
  'an eye': ellipse(0.38, 0.48, 0.11, 0.08),
  'half the face': (x, y) => x > 0.5 && ellipse(0.5, 0.55, 0.28, 0.36)(x, y),
};

export function holeMask({ pixels: { width, height }, face }: Photograph, hole: Hole): Mask {
  const inverse = invertFrame(frameOfQuad(face.quad));
  const data = new Uint8Array(width * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const at = mapPoint(inverse, x + 0.5, y + 0.5);
      if (hole(at.x, at.y)) data[y * width + x] = 255;
    }
  }
  return { width, height, data };
}

const sectors = 16;

/**
 * How far colours step at a hole's rim, in grey levels, beyond the photograph's own: means over arcs of
 * the rim, so that edges which cross it do not count.
 */
export function rimStep(photograph: Raster, filled: Raster, { width, height, data }: Mask): number {
  const inside: { x: number; y: number }[] = [];
  for (let i = 0; i < data.length; i += 1) {
    if (data[i]! > 0) inside.push({ x: i % width, y: Math.floor(i / width) });
  }
  const centre = { x: mean(inside.map(({ x }) => x)), y: mean(inside.map(({ y }) => y)) };
  const sums = Array.from({ length: 3 * sectors }, () => ({ sum: 0, count: 0 }));
  for (const { x, y } of inside) {
    const angle = Math.atan2(y - centre.y, x - centre.x) / (2 * Math.PI) + 0.5;
    const sector = Math.min(sectors - 1, Math.floor(angle * sectors));
    for (const [dx, dy] of [
      [1, 0],
      [-1, 0],
      [0, 1],
      [0, -1],
    ] as const) {
      const [ox, oy] = [x + dx, y + dy];
      if (ox < 0 || oy < 0 || ox >= width || oy >= height || data[oy * width + ox]! > 0) continue;
      for (let c = 0; c < 3; c += 1) {
        const [a, b] = [(y * width + x) * 4 + c, (oy * width + ox) * 4 + c];
        const step = filled.data[a]! - filled.data[b]! - photograph.data[a]! + photograph.data[b]!;
        const cell = sums[3 * sector + c]!;
        cell.sum += step;
        cell.count += 1;
      }
    }
  }
  return mean(sums.filter(({ count }) => count > 0).map(({ sum, count }) => Math.abs(sum / count)));
}
