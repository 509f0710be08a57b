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
  moved: { readonly x: Float32Array; readonly y: Float32Array } | null,
  out: Float32Array,
): void {
  const { width, data } = region;
  const gain = 1 / rasterMax(region);
  let from = (at.top * width + at.left + at.first) * 4;
  for (let x = at.first; x <= at.last; x++, from += 4) {
    if (wanted[x] === 0) continue;
    if (moved) {
      const [u, v] = [moved.x[x]!, moved.y[x]!];
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

const columns = new Int32Array(4);
const across = new Float64Array(4);
const down = new Float64Array(4);

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
  keysWeights(x - left, across);
  keysWeights(y - top, down);
  for (let i = 0; i < 4; i++) columns[i] = Math.max(0, Math.min(width - 1, left - 1 + i)) * 4;
  let r = 0;
  let g = 0;
  let b = 0;
  for (let j = 0; j < 4; j++) {
    const row = Math.max(0, Math.min(height - 1, top - 1 + j)) * width * 4;
    const weight = down[j]! * gain;
    for (let i = 0; i < 4; i++) {
      const from = row + columns[i]!;
      const w = weight * across[i]!;
      r += w * data[from]!;
      g += w * data[from + 1]!;
      b += w * data[from + 2]!;
    }
  }
  out[to] = r;
  out[to + 1] = g;
  out[to + 2] = b;
}

/** Keys (1981), a = −½, for the four pixels around a point t behind the second of them. */
function keysWeights(t: number, into: Float64Array): void {
  into[0] = ((-0.5 * t + 1) * t - 0.5) * t;
  into[1] = (1.5 * t - 2.5) * t * t + 1;
  into[2] = ((-1.5 * t + 2) * t + 0.5) * t;
  into[3] = (0.5 * t - 0.5) * t * t;
}
