import type { Raster } from '../../protocol/raster';
import { pictureColor } from './pictureColor';
import { readPhotograph } from './readPhotograph';

/**
 * A picture file as sRGB with straight alpha, upright, 16 bit where the file has more than 8. An
 * embedded profile is converted, an absent one means sRGB.
 * @throws PspError as `readPhotograph`
 */
export async function readImage(file: string): Promise<Raster> {
  const { pixels, profile } = await readPhotograph(file);
  return (await pictureColor(profile)).toSrgb(pixels);
}
