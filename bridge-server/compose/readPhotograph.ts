import type { Raster } from '../../protocol/raster';
import { rasterMax } from '../../protocol/raster';
import type { Frame } from '../faces';

/** Nearer than this, in pixels, the photograph's own samples are taken as they are. */
const still = 1 / 16;

/**
 * RGB of one row of the region in 0..1 where `wanted` is above 0: its own samples, or, where the
 * photograph moves along with the face, read by Keys' cubic from where it comes.
 * @param moved how far away to read, in units of the crop's side
 */
export function readPhotograph(
  region: Raster,
  frame: Frame,
  at: {
    readonly left: number;
    readonly top: number;
    readonly first: number;
    readonly last: number;
  },
  wanted: Float32Array,
  moved: readonly [Float32Array, Float32Array] | null,
  out: Float32Array,
): void {
  const { width, data } = region;
  const gain = 1 / rasterMax(region);
  let from = (at.top * width + at.left + at.first) * 4;
  for (let x = at.first; x <= at.last; x++, from += 4) {
    if (wanted[x] === 0) continue;
    if (moved) {
      const [u, v] = [moved[0][x]!, moved[1][x]!];
      const dx = u * frame.ux + v * frame.vx;
      const dy = u * frame.uy + v * frame.vy;
      if (Math.abs(dx) + Math.abs(dy) > still) {
        readBetween(region, at.left + x + dx, at.top + dy, gain, out, x * 3);
        continue;
      }
    }
    out[x * 3] = data[from]! * gain;
    out[x * 3 + 1] = data[from + 1]! * gain;
    out[x * 3 + 2] = data[from + 2]! * gain;
  }
}

/** Keys (1981), a = −½: the sixteen pixels around a point, the border's repeated. */
function readBetween(
  { width, height, data }: Raster,
  x: number,
  y: number,
  gain: number,
  out: Float32Array,
  to: number,
): void {
  const left = Math.floor(x);
  const top = Math.floor(y);
  const s = x - left;
  const t = y - top;
  const a0 = ((-0.5 * s + 1) * s - 0.5) * s;
  const a1 = (1.5 * s - 2.5) * s * s + 1;
  const a2 = ((-1.5 * s + 2) * s + 0.5) * s;
  const a3 = (0.5 * s - 0.5) * s * s;
  const b0 = ((-0.5 * t + 1) * t - 0.5) * t;
  const b1 = (1.5 * t - 2.5) * t * t + 1;
  const b2 = ((-1.5 * t + 2) * t + 0.5) * t;
  const b3 = (0.5 * t - 0.5) * t * t;
  const inside = left >= 1 && top >= 1 && left + 2 < width && top + 2 < height;
  const clampX = (column: number): number => Math.max(0, Math.min(width - 1, column));
  const c0 = (inside ? left - 1 : clampX(left - 1)) * 4;
  const c1 = (inside ? left : clampX(left)) * 4;
  const c2 = (inside ? left + 1 : clampX(left + 1)) * 4;
  const c3 = (inside ? left + 2 : clampX(left + 2)) * 4;
  let r = 0;
  let g = 0;
  let b = 0;
  for (let j = 0; j < 4; j++) {
    const line = top - 1 + j;
    const row = (inside ? line : Math.max(0, Math.min(height - 1, line))) * width * 4;
    const weight = j === 0 ? b0 : j === 1 ? b1 : j === 2 ? b2 : b3;
    const p0 = row + c0;
    const p1 = row + c1;
    const p2 = row + c2;
    const p3 = row + c3;
    r += weight * (a0 * data[p0]! + a1 * data[p1]! + a2 * data[p2]! + a3 * data[p3]!);
    g +=
      weight * (a0 * data[p0 + 1]! + a1 * data[p1 + 1]! + a2 * data[p2 + 1]! + a3 * data[p3 + 1]!);
    b +=
      weight * (a0 * data[p0 + 2]! + a1 * data[p1 + 2]! + a2 * data[p2 + 2]! + a3 * data[p3 + 2]!);
  }
  out[to] = r * gain;
  out[to + 1] = g * gain;
  out[to + 2] = b * gain;
}
