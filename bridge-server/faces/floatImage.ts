import { rasterMax } from '../../protocol/raster';
import type { Raster } from '../../protocol/raster';

/** Four interleaved channels of floats; pixel centres at .5. */
export interface FloatImage {
  readonly width: number;
  readonly height: number;
  readonly data: Float32Array;
  /** Whether every pixel's alpha is 1. */
  readonly opaque: boolean;
}

/** What lies beyond the raster: its mirror image (as FFHQ pads), or opaque mid-grey. */
export type Padding = 'reflect' | 'grey';

/** A sum of shares, rounded, that is 1. */
const nearlyOpaque = 1 - 1e-6;

/**
 * Reads `width` × `height` blocks of `shrink`² pixels each, averaged, from (left, top): premultiplied
 * RGBA in 0..1. The window may reach outside the raster.
 */
export function readWindow(
  raster: Raster,
  window: { left: number; top: number; width: number; height: number },
  shrink: number,
  padding: Padding,
): FloatImage {
  const { width, height } = window;
  const columns = indices(window.left, width * shrink, raster.width, padding);
  const rows = indices(window.top, height * shrink, raster.height, padding);
  const out = new Float32Array(width * height * 4);
  const source = raster.data;
  const max = rasterMax(raster);
  const opaqueGain = 1 / (max * shrink * shrink);
  const alphaGain = opaqueGain / max;
  const grey = 0.5 / (shrink * shrink);
  const opaque = max * shrink * shrink;
  let allOpaque = true;
  for (let y = 0, at = 0; y < height; y++) {
    const blockTop = rows[y * shrink]!;
    const whole = blockTop >= 0 && rows[y * shrink + shrink - 1] === blockTop + shrink - 1;
    for (let x = 0; x < width; x++, at += 4) {
      let r = 0;
      let g = 0;
      let b = 0;
      let a = 0;
      // Most blocks lie in the raster as they are and are opaque: whole numbers, added up.
      const blockLeft = columns[x * shrink]!;
      if (whole && blockLeft >= 0 && columns[x * shrink + shrink - 1] === blockLeft + shrink - 1) {
        for (let sy = 0; sy < shrink; sy++) {
          const start = ((blockTop + sy) * raster.width + blockLeft) * 4;
          for (let p = start; p < start + shrink * 4; p += 4) {
            r += source[p]!;
            g += source[p + 1]!;
            b += source[p + 2]!;
            a += source[p + 3]!;
          }
        }
        if (a === opaque) {
          out[at] = r * opaqueGain;
          out[at + 1] = g * opaqueGain;
          out[at + 2] = b * opaqueGain;
          out[at + 3] = 1;
          continue;
        }
        r = g = b = a = 0;
      }
      for (let sy = y * shrink; sy < (y + 1) * shrink; sy++) {
        const row = rows[sy]!;
        for (let sx = x * shrink; sx < (x + 1) * shrink; sx++) {
          const column = columns[sx]!;
          if (row < 0 || column < 0) {
            r += grey;
            g += grey;
            b += grey;
            a += 2 * grey;
            continue;
          }
          const p = (row * raster.width + column) * 4;
          const alpha = source[p + 3]!;
          const gain = alpha === max ? opaqueGain : alpha * alphaGain;
          r += source[p]! * gain;
          g += source[p + 1]! * gain;
          b += source[p + 2]! * gain;
          a += alpha * opaqueGain;
        }
      }
      if (a < nearlyOpaque) allOpaque = false;
      out[at] = r;
      out[at + 1] = g;
      out[at + 2] = b;
      out[at + 3] = a;
    }
  }
  return { width, height, data: out, opaque: allOpaque };
}

/** The raster with `shrink`² pixels averaged into one and laid over mid-grey, 8 bit; partial blocks are mirrored. */
export function shrinkRaster(raster: Raster, shrink: number): Raster {
  if (shrink === 1) return raster;
  const width = Math.ceil(raster.width / shrink);
  const height = Math.ceil(raster.height / shrink);
  return overGrey(readWindow(raster, { left: 0, top: 0, width, height }, shrink, 'reflect'));
}

/** The image laid over mid-grey, 8 bit. */
export function overGrey({ width, height, data: image }: FloatImage): Raster {
  const data = new Uint8Array(image.length);
  for (let i = 0; i < data.length; i += 4) {
    const grey = (1 - image[i + 3]!) / 2;
    data[i] = ((image[i]! + grey) * 255 + 0.5) | 0;
    data[i + 1] = ((image[i + 1]! + grey) * 255 + 0.5) | 0;
    data[i + 2] = ((image[i + 2]! + grey) * 255 + 0.5) | 0;
    data[i + 3] = 255;
  }
  return { width, height, data };
}

/** Source index of every pixel of a window; −1 where grey padding is meant. */
function indices(start: number, count: number, size: number, padding: Padding): Int32Array {
  const period = Math.max(1, 2 * (size - 1));
  return Int32Array.from({ length: count }, (_, i) => {
    const at = start + i;
    if (at >= 0 && at < size) return at;
    if (padding === 'grey') return -1;
    const folded = ((at % period) + period) % period;
    return Math.min(folded, period - folded, size - 1);
  });
}
