import type { Raster } from '../../protocol/raster';
import { pictureColor } from './pictureColor';
import { readPhotographBytes, type Photograph } from './readPhotograph';
import { srgbProfile } from './srgbProfile';

/** What hosts lack that know no profiles, and not every format. */
export interface Pictures {
  /**
   * A picture file in its own numbers, its profile named in every case.
   * @param name what messages call it
   * @throws PspError as `readPhotograph`
   */
  open(
    name: string,
    file: Uint8Array,
    maxPixels: number,
  ): Promise<Photograph & { readonly profile: Uint8Array }>;
  /** RGB pixels, depth kept. @throws PspError BAD_INPUT for a profile that is none */
  convert(pixels: Raster, profile: Uint8Array, to: 'srgb' | 'profile'): Promise<Raster>;
}

export const pictures: Pictures = {
  async open(name, file, maxPixels) {
    const photograph = await readPhotographBytes(name, file, maxPixels);
    return { ...photograph, profile: photograph.profile ?? (await srgbProfile()) };
  },
  async convert(pixels, profile, to) {
    const { toSrgb, fromSrgb } = await pictureColor(profile);
    return to === 'srgb' ? toSrgb(pixels) : fromSrgb(pixels);
  },
};
