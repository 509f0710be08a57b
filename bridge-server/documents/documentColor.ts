import type { Samples } from '../../psd';
import { PspError } from '../../protocol/errors';
import type { Raster } from '../../protocol/raster';
import { decodeSrgb, encodeSrgb, saysSrgb } from '../../protocol/srgb';
import { fromSrgb, toSrgb } from '../image/convertProfile';

interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly pixels: Samples;
}

/** Between a document's own pixels and what the networks see: sRGB of 8 or 16 bit. */
export interface DocumentColor {
  toRaster(pixels: Pixels): Promise<Raster>;
  /** In the document's profile, mode and depth. */
  toDocument(raster: Raster): Promise<Samples>;
}

/**
 * A document without a profile is taken as sRGB (as linear sRGB with 32 bit), greyscale as sRGB's grey
 * whatever its profile, since tone curves of grey differ little there. Floats over 1 are clipped: the
 * networks know no brighter white.
 */
export async function documentColor(
  depth: 8 | 16 | 32,
  mode: 'rgb' | 'greyscale',
  iccProfile: Uint8Array | null,
): Promise<DocumentColor> {
  const assumed = mode === 'greyscale' || !iccProfile || saysSrgb(iccProfile);
  const profile = assumed ? null : iccProfile;
  return {
    async toRaster({ width, height, pixels }) {
      const data = pixels instanceof Float32Array ? quantize(pixels, profile === null) : pixels;
      const raster = { width, height, data };
      return profile ? toSrgb(raster, profile) : raster;
    },
    async toDocument(raster) {
      const deep = { ...raster, data: toDepth(raster.data, depth === 8 ? 8 : 16) };
      const { data } = profile ? await fromSrgb(deep, profile) : deep;
      const own = mode === 'greyscale' ? toGrey(data) : data;
      return depth === 32 ? toFloats(own, profile === null) : own;
    },
  };
}

function toDepth(data: Uint8Array | Uint16Array, depth: 8 | 16): Uint8Array | Uint16Array {
  if (data.BYTES_PER_ELEMENT * 8 === depth) return data;
  return depth === 16
    ? Uint16Array.from(data, (value) => value * 257)
    : Uint8Array.from(data, (value) => Math.round(value / 257));
}

/** Linear floats → 16 bit; alpha is never coded. With a profile, that profile is linear itself. */
function quantize(pixels: Float32Array, encode: boolean): Uint16Array {
  const data = new Uint16Array(pixels.length);
  for (let i = 0; i < pixels.length; i += 1) {
    const value = Math.min(1, Math.max(0, pixels[i]!));
    data[i] = Math.round((encode && i % 4 !== 3 ? encodeSrgb(value) : value) * 65535);
  }
  return data;
}

function toFloats(data: Uint8Array | Uint16Array, decode: boolean): Float32Array {
  if (data instanceof Uint8Array) throw new PspError('INTERNAL', 'Floats come from 16 bit.');
  return Float32Array.from(data, (value, i) => {
    const unit = value / 65535;
    return decode && i % 4 !== 3 ? decodeSrgb(unit) : unit;
  });
}

/** Luma of Rec. 709, as R = G = B. */
function toGrey<T extends Uint8Array | Uint16Array>(data: T): T {
  const grey = data.slice() as T;
  for (let i = 0; i < grey.length; i += 4) {
    const luma = 0.2126 * data[i]! + 0.7152 * data[i + 1]! + 0.0722 * data[i + 2]!;
    grey.fill(Math.round(luma), i, i + 3);
  }
  return grey;
}
