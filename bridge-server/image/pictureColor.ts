import type { Raster } from '../../protocol/raster';
import { saysSrgb } from '../../protocol/srgb';
import { fromSrgb, toSrgb } from './convertProfile';

/** Between a picture's own numbers and what the networks see. */
export interface PictureColor {
  toSrgb(raster: Raster): Promise<Raster>;
  fromSrgb(raster: Raster): Promise<Raster>;
}

/** @param profile of RGB; `null`, and sRGB itself, change nothing */
export async function pictureColor(profile: Uint8Array | null): Promise<PictureColor> {
  if (!profile || saysSrgb(profile)) {
    return { toSrgb: async (raster) => raster, fromSrgb: async (raster) => raster };
  }
  return {
    toSrgb: (raster) => toSrgb(raster, profile),
    fromSrgb: (raster) => fromSrgb(raster, profile),
  };
}
