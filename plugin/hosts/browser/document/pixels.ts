import {
  boundsHeight,
  boundsWidth,
  intersectBounds,
  type Bounds,
} from '../../../../protocol/geometry';
import type { Mask, Raster } from '../../../../protocol/raster';

/** A rectangle of a raster that lies at `at`: transparent black where the raster is not. */
export function readPixels(source: Raster, at: Bounds, bounds: Bounds): Raster {
  const width = boundsWidth(bounds);
  const height = boundsHeight(bounds);
  const length = width * height * 4;
  const data =
    source.data instanceof Uint16Array ? new Uint16Array(length) : new Uint8Array(length);
  const shared = intersectBounds(at, bounds);
  const columns = boundsWidth(shared) * 4;
  for (let y = shared.top; y < shared.bottom; y += 1) {
    const from = ((y - at.top) * source.width + shared.left - at.left) * 4;
    data.set(
      source.data.subarray(from, from + columns),
      ((y - bounds.top) * width + shared.left - bounds.left) * 4,
    );
  }
  return { width, height, data };
}

/** The same pixels in another depth: 255 ↔ 65535, rounded. */
export function toDepth(raster: Raster, depth: 8 | 16): Raster {
  const is16 = raster.data instanceof Uint16Array;
  if (is16 === (depth === 16)) return raster;
  const { width, height } = raster;
  const data = is16
    ? Uint8Array.from(raster.data, (value) => Math.round(value / 257))
    : Uint16Array.from(raster.data, (value) => value * 257);
  return { width, height, data };
}

/** Catmull–Rom, the cubic through its samples (Keys 1981, a = −½). */
function cubicWeights(t: number): readonly [number, number, number, number] {
  return [
    ((-0.5 * t + 1) * t - 0.5) * t,
    (1.5 * t - 2.5) * t * t + 1,
    ((-1.5 * t + 2) * t + 0.5) * t,
    (0.5 * t - 0.5) * t * t,
  ];
}

interface Taps {
  readonly indices: readonly number[];
  readonly weights: readonly number[];
}

/** Four samples for every new one; the edge is repeated. Pixel centres at .5. */
function tapsOf(length: number, factor: number): readonly Taps[] {
  return Array.from({ length: length * factor }, (_, i) => {
    const position = (i + 0.5) / factor - 0.5;
    const first = Math.floor(position);
    const indices = [-1, 0, 1, 2].map((k) => Math.min(length - 1, Math.max(0, first + k)));
    return { indices, weights: cubicWeights(position - first) };
  });
}

/** Enlarges by a whole factor, bicubic on premultiplied colours; same depth. */
export function enlarge(source: Raster, factor: number): Raster {
  const width = source.width * factor;
  const height = source.height * factor;
  const max = source.data instanceof Uint16Array ? 65535 : 255;
  const data =
    max === 255 ? new Uint8Array(width * height * 4) : new Uint16Array(width * height * 4);
  const columns = tapsOf(source.width, factor);
  const rows = tapsOf(source.height, factor);
  // Rows are enlarged sideways when first needed; four of them are in use at a time.
  const wide = new Map<number, Float32Array>();
  for (let y = 0; y < height; y += 1) {
    const { indices, weights } = rows[y]!;
    for (const kept of wide.keys()) if (kept < indices[0]!) wide.delete(kept);
    const lines = indices.map((row) => {
      const line = wide.get(row) ?? enlargeRow(source, row, columns, max);
      wide.set(row, line);
      return line;
    });
    for (let x = 0; x < width; x += 1) {
      const sum = [0, 0, 0, 0];
      lines.forEach((line, k) => {
        for (let c = 0; c < 4; c += 1) sum[c]! += line[x * 4 + c]! * weights[k]!;
      });
      writeUnpremultiplied(data, (y * width + x) * 4, sum, max);
    }
  }
  return { width, height, data };
}

function enlargeRow(source: Raster, row: number, columns: readonly Taps[], max: number) {
  const line = new Float32Array(columns.length * 4);
  columns.forEach(({ indices, weights }, x) => {
    indices.forEach((column, k) => {
      const at = (row * source.width + column) * 4;
      const alpha = source.data[at + 3]! / max;
      for (let c = 0; c < 3; c += 1) {
        line[x * 4 + c]! += source.data[at + c]! * alpha * weights[k]!;
      }
      line[x * 4 + 3]! += alpha * weights[k]!;
    });
  });
  return line;
}

function writeUnpremultiplied(
  data: Uint8Array | Uint16Array,
  at: number,
  sum: readonly number[],
  max: number,
): void {
  const alpha = Math.min(1, Math.max(0, sum[3]!));
  if (alpha === 0) return;
  for (let c = 0; c < 3; c += 1) {
    data[at + c] = Math.min(max, Math.max(0, Math.round(sum[c]! / alpha)));
  }
  data[at + 3] = Math.round(alpha * max);
}

/** A mask enlarged as pixels are. */
export function enlargeMask(mask: Mask, factor: number): Mask {
  const opaque = new Uint8Array(mask.data.length * 4);
  for (let i = 0; i < mask.data.length; i += 1) opaque.set([mask.data[i]!, 0, 0, 255], i * 4);
  const large = enlarge({ width: mask.width, height: mask.height, data: opaque }, factor);
  const data = Uint8Array.from(
    { length: large.width * large.height },
    (_, i) => large.data[i * 4]!,
  );
  return { width: large.width, height: large.height, data };
}
