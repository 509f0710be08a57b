import type { ColourSpace, PhotoshopApi, PhotoshopDocument } from '../api';

export const srgb = 'sRGB IEC61966-2.1';
/** The grey that Adobe's reference names for masks; close to sRGB's own curve, and the same both ways. */
export const gray = 'Gray Gamma 2.2';

export function depthOf(api: PhotoshopApi, document: PhotoshopDocument): 8 | 16 | 32 {
  const { SIXTEEN, THIRTYTWO } = api.constants.BitsPerChannelType;
  if (document.bitsPerChannel === THIRTYTWO) return 32;
  return document.bitsPerChannel === SIXTEEN ? 16 : 8;
}

export const isGrey = (api: PhotoshopApi, document: PhotoshopDocument): boolean =>
  document.mode === api.constants.DocumentMode.GRAYSCALE;

/**
 * What to read, whatever the document's mode. Asked for greyscale, imaging answers one component even
 * where the layer has transparency (uxp-photoshop issue 501): a hole would look like black paint.
 */
export const readColour = { colorSpace: 'RGB', colorProfile: srgb } as const;

/**
 * What to write: sRGB in the document's own mode, whatever its profile. Photoshop
 * converts, here as when reading; for 32-bit documents it takes the same name to mean the linear version.
 */
export function colourOf(
  api: PhotoshopApi,
  document: PhotoshopDocument,
): { readonly colorSpace: ColourSpace; readonly colorProfile: string } {
  return isGrey(api, document)
    ? { colorSpace: 'Grayscale', colorProfile: gray }
    : { colorSpace: 'RGB', colorProfile: srgb };
}
