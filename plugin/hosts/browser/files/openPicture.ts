import { PspError } from '../../../../protocol/errors';
import { pixelLayer } from '../document/newLayers';
import type { OpenedFile } from './openedFile';

/** The widest canvas that Chromium and Firefox draw. */
const maxSide = 16384;

/** What the browser itself makes of a picture: one layer of 8 bit, sRGB, upright. Runs in the worker. */
export async function openPicture(blob: Blob, name: string): Promise<OpenedFile> {
  const bitmap = await decode(blob, name);
  const { width, height } = bitmap;
  if (width > maxSide || height > maxSide) {
    throw new PspError(
      'TOO_LARGE',
      `"${name}" has ${width} × ${height} pixels; this page opens pictures of up to ${maxSide} a side. Use Photoshop, GIMP or the command line.`,
    );
  }
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d', { willReadFrequently: true })!;
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  const { data } = context.getImageData(0, 0, width, height, { colorSpace: 'srgb' });
  const layer = pixelLayer({
    name: name.replace(/\.[^.]*$/, ''),
    bounds: { left: 0, top: 0, right: width, bottom: height },
    pixels: { width, height, data: new Uint8Array(data.buffer) },
  });
  const about = { depth: 8, profile: null, metadata: null, remarks: [] } as const;
  return { width, height, ...about, layers: [layer], selectedId: layer.id };
}

async function decode(blob: Blob, name: string): Promise<ImageBitmap> {
  try {
    return await createImageBitmap(blob, {
      imageOrientation: 'from-image',
      premultiplyAlpha: 'none',
    });
  } catch (cause) {
    throw new PspError(
      'BAD_INPUT',
      `"${name}" cannot be opened without the bridge. Start it, or use a PSD, PSB, PNG or JPEG file.`,
      { cause },
    );
  }
}
