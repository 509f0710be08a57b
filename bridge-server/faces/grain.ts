import type { Raster } from '../image/raster';
import { rasterMax } from '../image/raster';

/** Standard deviation of the finest noise in 0..1: shared by the channels (grey) and in each alone. */
export interface NoiseLevel {
  readonly shared: number;
  readonly single: number;
}

const blockSize = 12;
const maxBlocks = 600;
/** Texture raises the measure, so the smoothest blocks speak for the picture. */
const quantile = 0.25;
/** Clipped shadows and lights hide their noise. */
const [darkest, brightest] = [0.03, 0.97];
/** More than the coarsest film; beyond it the measure has seen texture. */
const maxLevel = 0.05;

/**
 * Noise of a picture by the Laplacian of Immerkær (1996), σ = √(π/2) · mean|I ∗ N| / 6, taken per
 * block where `take` holds and read at the lower quartile.
 */
export function noiseLevel(raster: Raster, take: (pixel: number) => boolean): NoiseLevel {
  const { width, height } = raster;
  const columns = Math.floor((width - 2) / blockSize);
  const rows = Math.floor((height - 2) / blockSize);
  const every = Math.max(1, Math.ceil(Math.sqrt((columns * rows) / maxBlocks)));
  const grey: number[] = [];
  const channel: number[] = [];
  for (let by = 0; by < rows; by += every) {
    for (let bx = 0; bx < columns; bx += every) {
      const measured = blockNoise(raster, 1 + bx * blockSize, 1 + by * blockSize, take);
      if (measured === null) continue;
      grey.push(measured.grey);
      channel.push(measured.channel);
    }
  }
  const read = (values: number[]): number =>
    Math.min(maxLevel, values.sort((a, b) => a - b)[Math.floor(values.length * quantile)] ?? 0);
  const [ofGrey, ofChannel] = [read(grey), read(channel)];
  // channel² = shared² + single², grey² = shared² + single² / 3
  const single = Math.sqrt(Math.max(0, 1.5 * (ofChannel ** 2 - ofGrey ** 2)));
  return { shared: Math.sqrt(Math.max(0, ofChannel ** 2 - single ** 2)), single };
}

function blockNoise(
  { data, width, ...raster }: Raster,
  left: number,
  top: number,
  take: (pixel: number) => boolean,
): { grey: number; channel: number } | null {
  const max = rasterMax({ data, width, ...raster });
  const step = [4, width * 4] as const;
  let grey = 0;
  let channel = 0;
  let mean = 0;
  for (let y = top; y < top + blockSize; y++) {
    for (let x = left; x < left + blockSize; x++) {
      const pixel = y * width + x;
      if (!take(pixel) || data[pixel * 4 + 3] !== max) return null;
      let sum = 0;
      for (let c = 0; c < 3; c++) {
        const at = pixel * 4 + c;
        const cross =
          data[at - step[0]]! + data[at + step[0]]! + data[at - step[1]]! + data[at + step[1]]!;
        const corners =
          data[at - step[1] - 4]! +
          data[at - step[1] + 4]! +
          data[at + step[1] - 4]! +
          data[at + step[1] + 4]!;
        const response = 4 * data[at]! - 2 * cross + corners;
        channel += Math.abs(response);
        sum += response;
        mean += data[at]!;
      }
      grey += Math.abs(sum);
    }
  }
  const count = 3 * blockSize * blockSize;
  mean /= count * max;
  if (mean < darkest || mean > brightest) return null;
  const gain = Math.sqrt(Math.PI / 2) / (6 * count * max);
  return { grey: grey * gain, channel: channel * gain };
}

/** The noise to add so that `has` becomes `wanted`: variances add. */
export const missingNoise = (wanted: NoiseLevel, has: NoiseLevel): NoiseLevel => ({
  shared: Math.sqrt(Math.max(0, wanted.shared ** 2 - has.shared ** 2)),
  single: Math.sqrt(Math.max(0, wanted.single ** 2 - has.single ** 2)),
});

/**
 * About N(0, 1) for a place and a seed, the same on every machine: four bytes of a hash (Murmur3's
 * finaliser) added up (Irwin–Hall).
 */
export function grainAt(index: number, seed: number): number {
  let hash = Math.imul(index, 0x9e3779b1) ^ Math.imul(seed, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  hash ^= hash >>> 16;
  const sum = (hash & 255) + ((hash >>> 8) & 255) + ((hash >>> 16) & 255) + (hash >>> 24);
  return (sum - 510) / 147.79;
}
