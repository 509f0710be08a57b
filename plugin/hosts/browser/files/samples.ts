import type { Samples } from '../../../../psd';
import type { Raster } from '../../../../protocol/raster';
import { decodeSrgb, encodeSrgb } from '../../../../protocol/srgb';

const to16 = (value: number): number => Math.round(Math.min(1, Math.max(0, value)) * 65535);

/**
 * Pixels of a PSD file as the page works with them: 8 bit stay 8, deeper ones become 16.
 * @param profiled they are in a profile, which knows its own curve; 32 bit without one hold linear light
 */
export function fromSamples(pixels: Samples, profiled = false): Uint8Array | Uint16Array {
  if (!(pixels instanceof Float32Array)) return pixels;
  return Uint16Array.from(pixels, (value, i) =>
    to16(profiled || i % 4 === 3 ? value : encodeSrgb(value)),
  );
}

/** Pixels as a document of this kind takes them. */
export function toSamples(
  raster: Raster,
  depth: 8 | 16 | 32,
  isGrey: boolean,
  profiled = false,
): Samples {
  const data = isGrey ? withoutColour(raster.data) : raster.data;
  if (depth !== 32) return data;
  return Float32Array.from(data, (value, i) =>
    profiled || i % 4 === 3 ? value / 65535 : decodeSrgb(value / 65535),
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
