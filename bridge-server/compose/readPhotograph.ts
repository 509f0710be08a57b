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
  const { width, height, data } = region;
  const gain = 1 / rasterMax(region);
  const { ux, uy, vx, vy } = frame;
  const lastColumn = width - 1;
  const lastRow = height - 1;
  let from = (at.top * width + at.left + at.first) * 4;
  for (let i = at.first; i <= at.last; i++, from += 4) {
    if (wanted[i] === 0) continue;
    const to = i * 3;
    const u = moved === null ? 0 : moved[0][i]!;
    const v = moved === null ? 0 : moved[1][i]!;
    const dx = u * ux + v * vx;
    const dy = u * uy + v * vy;
    if (Math.abs(dx) + Math.abs(dy) <= still) {
      out[to] = data[from]! * gain;
      out[to + 1] = data[from + 1]! * gain;
      out[to + 2] = data[from + 2]! * gain;
      continue;
    }
    // Keys (1981), a = −½: the sixteen pixels around a point, the border's repeated. Not a function of its own:
    // its numbers would be handed over in memory.
    const x = at.left + i + dx;
    const y = at.top + dy;
    const left = Math.floor(x);
    const top = Math.floor(y);
    const s = x - left;
    const t = y - top;
    const a0 = ((-0.5 * s + 1) * s - 0.5) * s;
    const a1 = (1.5 * s - 2.5) * s * s + 1;
    const a2 = ((-1.5 * s + 2) * s + 0.5) * s;
    const a3 = (0.5 * s - 0.5) * s * s;
    const c0 = (left < 1 ? 0 : left > width ? lastColumn : left - 1) * 4;
    const c1 = (left < 0 ? 0 : left > lastColumn ? lastColumn : left) * 4;
    const c2 = (left < -1 ? 0 : left >= lastColumn ? lastColumn : left + 1) * 4;
    const c3 = (left < -2 ? 0 : left + 1 >= lastColumn ? lastColumn : left + 2) * 4;
    let weight = ((-0.5 * t + 1) * t - 0.5) * t;
    let r = 0;
    let g = 0;
    let b = 0;
    for (let j = 0; j < 4; j++) {
      const line = top - 1 + j;
      const row = (line < 0 ? 0 : line > lastRow ? lastRow : line) * width * 4;
      const p = row + c0;
      const q = row + c1;
      const m = row + c2;
      const n = row + c3;
      r += weight * (a0 * data[p]! + a1 * data[q]! + a2 * data[m]! + a3 * data[n]!);
      g += weight * (a0 * data[p + 1]! + a1 * data[q + 1]! + a2 * data[m + 1]! + a3 * data[n + 1]!);
      b += weight * (a0 * data[p + 2]! + a1 * data[q + 2]! + a2 * data[m + 2]! + a3 * data[n + 2]!);
      weight =
        j === 0
          ? (1.5 * t - 2.5) * t * t + 1
          : j === 1
            ? ((-1.5 * t + 2) * t + 0.5) * t
            : (0.5 * t - 0.5) * t * t;
    }
    out[to] = r * gain;
    out[to + 1] = g * gain;
    out[to + 2] = b * gain;
  }
}
