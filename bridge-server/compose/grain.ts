import type { Raster } from '../../protocol/raster';
import { rasterMax } from '../../protocol/raster';
import type { NoiseLevel } from './noiseLevel';

/** Grain of one pixel's size, and of two: sensors make the first, demosaicing, JPEG and enlarging the second. */
export interface Grain {
  readonly fine: NoiseLevel;
  readonly coarse: NoiseLevel;
}

/* How the coarse measure, variance after halving, answers to unit variance of each kind of grain. */
const coarseOfFine = 1 / 4;
/** Per axis the halved grain is filtered by [⅛, ¾, ⅛]: |[1 −2 1] ∗ [⅛ ¾ ⅛]|² / |[1 −2 1]|² = 0.349, squared. */
const coarseOfCoarse = 0.349 ** 2;

/** Coarse grain beyond this (2 grey levels) is skin and hair, not grain. */
const maxCoarse = 0.008;

/** The grain to add so that a picture that measures `has` measures `wanted`: variances add. */
export function missingGrain(wanted: Grain, has: Grain): Grain {
  const part = (name: 'shared' | 'single') => {
    const fine = Math.max(0, wanted.fine[name] ** 2 - has.fine[name] ** 2);
    const missing = wanted.coarse[name] ** 2 - has.coarse[name] ** 2 - fine * coarseOfFine;
    const coarse = Math.sqrt(Math.max(0, missing) / coarseOfCoarse);
    return { fine: Math.sqrt(fine), coarse: Math.min(coarse, maxCoarse) };
  };
  const [shared, single] = [part('shared'), part('single')];
  return {
    fine: { shared: shared.fine, single: single.fine },
    coarse: { shared: shared.coarse, single: single.coarse },
  };
}

/**
 * Adds grain to the pixels where `weights` is above 0, in place, and less where `kept`, 0..255, says that
 * they are the photograph's own. The same seed gives the same grain on every machine.
 */
export function addGrain(
  { width, height, data }: Raster,
  weights: Uint8Array,
  kept: Uint8Array | null,
  { fine, coarse }: Grain,
  seed: number,
): void {
  const max = rasterMax({ width, height, data });
  const noise = noiseTable(seed);
  const scaled = (shared: number, single: number): Float32Array => {
    const table = new Float32Array(noise.length);
    for (let i = 0; i < table.length; i++) {
      table[i] = noise[i]! * max * ((i & 3) === 3 ? shared : single);
    }
    return table;
  };
  const fineNoise = scaled(fine.shared, fine.single);
  const coarseNoise = scaled(coarse.shared, coarse.single);
  for (let y = 0; y < height; y++) {
    const row = rowStart(y, seed);
    // Coarse grain has nodes at the centres of 2 × 2 pixels: ¾ of the nearer one, ¼ of the farther.
    const above = rowStart(((y + 1) >> 1) - 1, ~seed);
    const below = rowStart((y + 1) >> 1, ~seed);
    const my = y % 2 === 0 ? 0.75 : 0.25;
    for (let x = 0, pixel = y * width; x < width; x++, pixel++) {
      if (weights[pixel] === 0) continue;
      const amount = kept === null ? 1 : 1 - kept[pixel]! / 255;
      if (amount === 0) continue;
      const mx = x % 2 === 0 ? 0.75 : 0.25;
      const node = (x + 1) >> 1;
      const a = ((above + node) & tableMask) * 4;
      const b = ((above + node + 1) & tableMask) * 4;
      const c = ((below + node) & tableMask) * 4;
      const d = ((below + node + 1) & tableMask) * 4;
      const wa = (1 - mx) * (1 - my);
      const wb = mx * (1 - my);
      const wc = (1 - mx) * my;
      const wd = mx * my;
      const here = ((row + x) & tableMask) * 4;
      // Channel 3 is what the colours share.
      const shared =
        fineNoise[here + 3]! +
        wa * coarseNoise[a + 3]! +
        wb * coarseNoise[b + 3]! +
        wc * coarseNoise[c + 3]! +
        wd * coarseNoise[d + 3]!;
      for (let k = 0, to = pixel * 4; k < 3; k++, to++) {
        const smooth =
          wa * coarseNoise[a + k]! +
          wb * coarseNoise[b + k]! +
          wc * coarseNoise[c + k]! +
          wd * coarseNoise[d + k]!;
        const value = data[to]! + amount * (shared + fineNoise[here + k]! + smooth);
        data[to] = value <= 0 ? 0 : value >= max ? max : (value + 0.5) | 0;
      }
    }
  }
}

/** Quadruples in the noise table; every row of a picture starts at a place of its own in it. */
const tableLength = 1 << 14;
const tableMask = tableLength - 1;

/** Values of about N(0, 1): the bytes of a hash, four added up for each (Irwin–Hall). */
function noiseTable(seed: number): Float32Array {
  const table = new Float32Array(tableLength * 4);
  const start = hash(seed);
  for (let i = 0; i < table.length; i++) {
    const bits = hash(start + i);
    const sum = (bits & 255) + ((bits >>> 8) & 255) + ((bits >>> 16) & 255) + (bits >>> 24);
    table[i] = (sum - 510) / 147.8;
  }
  return table;
}

const rowStart = (row: number, seed: number): number => hash(hash(seed) ^ row) & tableMask;

/** Murmur3's finaliser. */
function hash(value: number): number {
  let bits = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return bits ^ (bits >>> 16);
}
