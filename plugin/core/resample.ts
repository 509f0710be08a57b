import type { Bounds } from '../../protocol/geometry';
import { boundsHeight, boundsWidth } from '../../protocol/geometry';
import type { Mask, Raster } from '../../protocol/raster';

/**
 * A part of a raster shrunk to fit `maxSide` (never enlarged), 8 bit: mean over the pixels under each
 * new one, colours weighted by alpha so that transparent pixels do not bleed in.
 * @param crop in the raster's pixels; what lies outside the raster is transparent black.
 */
export function shrink(source: Raster, maxSide: number, crop?: Bounds): Raster {
  const area = crop ?? { left: 0, top: 0, right: source.width, bottom: source.height };
  const { width, height } = fitted(boundsWidth(area), boundsHeight(area), maxSide);
  const columns = edges(area.left, boundsWidth(area), width);
  const rows = edges(area.top, boundsHeight(area), height);
  const scale = source.data instanceof Uint16Array ? 1 / 257 : 1;
  const data = new Uint8Array(width * height * 4);
  const sums = new Float64Array(width * 4);
  for (let y = 0; y < height; y += 1) {
    sums.fill(0);
    const last = Math.min(source.height, rows[y + 1]!);
    for (let row = Math.max(0, rows[y]!); row < last; row += 1) addRow(source, row, columns, sums);
    for (let x = 0; x < width; x += 1) {
      const alpha = sums[x * 4 + 3]!;
      if (alpha === 0) continue;
      const at = (y * width + x) * 4;
      for (let c = 0; c < 3; c += 1) data[at + c] = Math.round((sums[x * 4 + c]! / alpha) * scale);
      const count = (columns[x + 1]! - columns[x]!) * (rows[y + 1]! - rows[y]!);
      data[at + 3] = Math.round((alpha / count) * scale);
    }
  }
  return { width, height, data };
}

/** The largest square in the middle of a picture. */
export function middleSquare({ width, height }: Pick<Raster, 'width' | 'height'>): Bounds {
  const side = Math.min(width, height);
  const [left, top] = [Math.floor((width - side) / 2), Math.floor((height - side) / 2)];
  return { left, top, right: left + side, bottom: top + side };
}

/** Where each of `count` new pixels begins among `length` old ones from `start` on, and the last ends. */
const edges = (start: number, length: number, count: number): Int32Array =>
  Int32Array.from({ length: count + 1 }, (_, i) => Math.floor(start + (i * length) / count));

function addRow(source: Raster, row: number, columns: Int32Array, sums: Float64Array): void {
  const { data, width } = source;
  for (let x = 0; x < columns.length - 1; x += 1) {
    const last = Math.min(width, columns[x + 1]!);
    for (let column = Math.max(0, columns[x]!); column < last; column += 1) {
      const at = (row * width + column) * 4;
      const alpha = data[at + 3]!;
      sums[x * 4]! += data[at]! * alpha;
      sums[x * 4 + 1]! += data[at + 1]! * alpha;
      sums[x * 4 + 2]! += data[at + 2]! * alpha;
      sums[x * 4 + 3]! += alpha;
    }
  }
}

/** The size that fits into a square of `maxSide`, at least one pixel, never enlarged. */
export function fitted(
  width: number,
  height: number,
  maxSide: number,
): { readonly width: number; readonly height: number } {
  const scale = Math.min(1, maxSide / Math.max(width, height, 1));
  return {
    width: Math.max(1, Math.round(width * scale)),
    height: Math.max(1, Math.round(height * scale)),
  };
}

/** A patch as it shows over what lies under it: alpha and mask both count. Sizes must agree. */
export function composite(under: Raster, over: Raster, mask: Mask): Raster {
  const data = new Uint8Array(under.data);
  const scale = over.data instanceof Uint16Array ? 65535 : 255;
  for (let i = 0; i < mask.data.length; i += 1) {
    const at = i * 4;
    const overAlpha = (over.data[at + 3]! / scale) * (mask.data[i]! / 255);
    const underAlpha = (under.data[at + 3]! / 255) * (1 - overAlpha);
    const alpha = overAlpha + underAlpha;
    for (let c = 0; c < 3 && alpha > 0; c += 1) {
      const colour =
        (over.data[at + c]! / scale) * 255 * overAlpha + under.data[at + c]! * underAlpha;
      data[at + c] = Math.round(colour / alpha);
    }
    data[at + 3] = Math.round(alpha * 255);
  }
  return { width: under.width, height: under.height, data };
}

/** A mask as a raster of white with the mask's values as alpha: what `shrink` takes. */
export function maskAsRaster(mask: Mask): Raster {
  const data = new Uint8Array(mask.data.length * 4).fill(255);
  for (let i = 0; i < mask.data.length; i += 1) data[i * 4 + 3] = mask.data[i]!;
  return { width: mask.width, height: mask.height, data };
}
