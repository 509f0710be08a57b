import type { Raster } from '../../protocol/raster';
import { rasterMax } from '../../protocol/raster';

/** Standard deviation of noise in 0..1: shared by the channels (grey) and in each alone. */
export interface NoiseLevel {
  readonly shared: number;
  readonly single: number;
}

/** Samples along a block's side, without the border that the filter needs. */
const blockSize = 10;
const maxBlocks = 150;
/** Fewer say nothing: on a small face every block shows a feature. */
const minBlocks = 8;
/** Texture raises the measure, so the smoother blocks speak for the picture. */
const quantile = 0.3;
/** Clipped shadows and lights hide their noise. */
const [darkest, brightest] = [0.03, 0.97];
/** More than the coarsest film; beyond it the measure has seen texture. */
const maxLevel = 0.05;

/**
 * Noise of a picture by the Laplacian of Immerkær (1996), with the median in place of the mean so that
 * edges do not count: σ = median|I ∗ N| / (0.6745 · 6), per block where `take` holds, read at a low
 * quantile. With `step` 2 the picture is halved before:
 * what is measured then is noise of twice the grain's size.
 */
export function noiseLevel(
  raster: Raster,
  step: 1 | 2,
  take: (x: number, y: number) => boolean,
): NoiseLevel {
  const side = blockSize * step;
  const columns = Math.floor((raster.width - 2 * step) / side);
  const rows = Math.floor((raster.height - 2 * step) / side);
  const every = Math.max(1, Math.ceil(Math.sqrt((columns * rows) / maxBlocks)));
  const grey: number[] = [];
  const channel: number[] = [];
  for (let by = 0; by < rows; by += every) {
    for (let bx = 0; bx < columns; bx += every) {
      const [x, y] = [bx * side, by * side];
      const last = side + 2 * step - 1;
      const corners = [take(x, y), take(x + last, y), take(x, y + last), take(x + last, y + last)];
      const measured = corners.includes(false) ? null : blockNoise(raster, x, y, step);
      if (measured === null) continue;
      grey.push(measured.grey);
      channel.push(measured.channel);
    }
  }
  if (grey.length < minBlocks) return { shared: 0, single: 0 };
  const read = (values: number[]): number =>
    Math.min(maxLevel, values.sort((a, b) => a - b)[Math.floor(values.length * quantile)] ?? 0);
  const [ofGrey, ofChannel] = [read(grey), read(channel)];
  // channel² = shared² + single², grey² = shared² + single² / 3
  const single = Math.sqrt(Math.max(0, 1.5 * (ofChannel ** 2 - ofGrey ** 2)));
  return { shared: Math.sqrt(Math.max(0, ofChannel ** 2 - single ** 2)), single };
}

function blockNoise(
  raster: Raster,
  left: number,
  top: number,
  step: number,
): { readonly grey: number; readonly channel: number } | null {
  const samples = readSamples(raster, left, top, step);
  if (samples === null) return null;
  const row = 3 * (blockSize + 2);
  const grey = new Float32Array(blockSize * blockSize);
  const channel = new Float32Array(3 * grey.length);
  let pixel = 0;
  for (let y = 1; y <= blockSize; y++) {
    for (let at = y * row + 3; at < (y + 1) * row - 3; at += 3) {
      let sum = 0;
      for (let c = at; c < at + 3; c++) {
        const response =
          4 * samples[c]! -
          2 * (samples[c - 3]! + samples[c + 3]! + samples[c - row]! + samples[c + row]!) +
          samples[c - row - 3]! +
          samples[c - row + 3]! +
          samples[c + row - 3]! +
          samples[c + row + 3]!;
        channel[3 * pixel + c - at] = Math.abs(response);
        sum += response;
      }
      grey[pixel++] = Math.abs(sum) / 3;
    }
  }
  const level = (responses: Float32Array): number => median(responses) / (0.6745 * 6);
  return { grey: level(grey), channel: level(channel) };
}

/** Of values that it puts into another order (Hoare's quickselect, 1961). */
function median(values: Float32Array): number {
  const middle = values.length >> 1;
  let low = 0;
  let high = values.length - 1;
  while (low < high) {
    const pivot = values[middle]!;
    let i = low;
    let j = high;
    while (i <= j) {
      while (values[i]! < pivot) i++;
      while (values[j]! > pivot) j--;
      if (i > j) break;
      const value = values[i]!;
      values[i++] = values[j]!;
      values[j--] = value;
    }
    if (j < middle) low = i;
    if (i > middle) high = j;
  }
  return values[middle]!;
}

/** RGB of a block with its border, 0..1, `step`² pixels averaged; `null` where it is clipped or transparent. */
function readSamples(
  { data, width, ...size }: Raster,
  left: number,
  top: number,
  step: number,
): Float32Array | null {
  const max = rasterMax({ data, width, ...size });
  const count = blockSize + 2;
  const samples = new Float32Array(count * count * 3);
  const gain = 1 / (max * step * step);
  let mean = 0;
  for (let y = 0; y < count * step; y++) {
    for (let x = 0; x < count * step; x++) {
      const from = ((top + y) * width + left + x) * 4;
      if (data[from + 3] !== max) return null;
      const to = (Math.floor(y / step) * count + Math.floor(x / step)) * 3;
      for (let c = 0; c < 3; c++) {
        samples[to + c]! += data[from + c]! * gain;
        mean += data[from + c]! * gain;
      }
    }
  }
  mean /= samples.length;
  return mean < darkest || mean > brightest ? null : samples;
}
