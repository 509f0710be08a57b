/**
 * Pixels as they travel everywhere: RGBA interleaved, sRGB, straight alpha,
 * 0..255 (Uint8Array) or 0..65535 (Uint16Array); `data.length === width * height * 4`.
 */
export interface Raster {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array | Uint16Array;
}

/** One channel of 0..255, `data.length === width * height`: masks, selections, holes. */
export interface Mask {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

export const rasterDepth = (raster: Raster): 8 | 16 =>
  raster.data instanceof Uint16Array ? 16 : 8;

export const rasterMax = (raster: Raster): 255 | 65535 =>
  raster.data instanceof Uint16Array ? 65535 : 255;

/** What counts as erased, and so as a hole to fill, in every host: more transparent than not. */
export const isErased = (alpha: number, max: 255 | 65535): boolean => alpha < max / 2;
