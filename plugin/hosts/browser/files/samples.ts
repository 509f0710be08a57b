import type { Samples } from '../../../../psd';
import type { Raster } from '../../../../protocol/raster';

/**
 * 32-bit documents hold linear light; the page works on them in 16 bit and sRGB.
 * IEC 61966-2-1: v = 12.92 l below 0.0031308, else 1.055 l^(1/2.4) − 0.055.
 */
const encodeSrgb = (linear: number): number =>
  linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055;

const decodeSrgb = (value: number): number =>
  value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;

const to16 = (value: number): number => Math.round(Math.min(1, Math.max(0, value)) * 65535);

/** Pixels of a PSD file as the page works with them: 8 bit stay 8, deeper ones become 16. */
export function fromSamples(pixels: Samples): Uint8Array | Uint16Array {
  if (!(pixels instanceof Float32Array)) return pixels;
  return Uint16Array.from(pixels, (value, i) => to16(i % 4 === 3 ? value : encodeSrgb(value)));
}

/** The page's pixels as a document of this kind takes them. */
export function toSamples(raster: Raster, depth: 8 | 16 | 32, isGrey: boolean): Samples {
  const data = isGrey ? withoutColour(raster.data) : raster.data;
  if (depth !== 32) return data;
  return Float32Array.from(data, (value, i) =>
    i % 4 === 3 ? value / 65535 : decodeSrgb(value / 65535),
  );
}

/** Rec. 709 luma in every channel. */
function withoutColour(data: Raster['data']): Raster['data'] {
  const grey = data.slice();
  for (let i = 0; i < grey.length; i += 4) {
    const luma = Math.round(0.2126 * data[i]! + 0.7152 * data[i + 1]! + 0.0722 * data[i + 2]!);
    grey.fill(luma, i, i + 3);
  }
  return grey;
}
