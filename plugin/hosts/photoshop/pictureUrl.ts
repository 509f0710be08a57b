import { rasterMax, type Raster } from '../../../protocol/raster';
import type { PhotoshopImaging } from './api';
import { srgb } from './document/documentColour';
import { pngDataUrl } from './pngDataUrl';

/**
 * What a panel's <img> can show. Adobe documents one way only: JPEG by `encodeImageData` (imaging.md). Where
 * that is refused, as it may be outside of the modal state, pictures are PNG from then on.
 */
export function pictureUrls(imaging: PhotoshopImaging): (pixels: Raster) => Promise<string> {
  let encodes = true;
  return async (pixels) => {
    if (encodes) {
      try {
        return await jpegDataUrl(imaging, pixels);
      } catch {
        encodes = false;
      }
    }
    return pngDataUrl(pixels);
  };
}

/** @throws whatever Photoshop refuses */
export async function jpegDataUrl(imaging: PhotoshopImaging, pixels: Raster): Promise<string> {
  const { width, height } = pixels;
  const imageData = await imaging.createImageDataFromBuffer(onWhite(pixels), {
    width,
    height,
    components: 3,
    colorSpace: 'RGB',
    colorProfile: srgb,
    chunky: true,
  });
  try {
    const encoded = await imaging.encodeImageData({ imageData, base64: true });
    if (typeof encoded !== 'string') throw new Error('encodeImageData answered no text.');
    return `data:image/jpeg;base64,${encoded}`;
  } finally {
    imageData.dispose();
  }
}

/** JPEG has no transparency: matted on white, as `getPixels` does with `applyAlpha`. 8-bit RGB. */
function onWhite(pixels: Raster): Uint8Array {
  const { data } = pixels;
  const max = rasterMax(pixels);
  const out = new Uint8Array((data.length / 4) * 3);
  for (let from = 0, to = 0; from < data.length; from += 4) {
    const alpha = data[from + 3]! / max;
    for (let c = 0; c < 3; c++) {
      out[to++] = Math.round((data[from + c]! * alpha * 255) / max + 255 * (1 - alpha));
    }
  }
  return out;
}
