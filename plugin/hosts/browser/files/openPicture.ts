import { PspError } from '../../../../protocol/errors';
import { pixelLayer } from '../document/newLayers';
import type { OpenedFile } from './openedFile';

/** The widest canvas that Chromium and Firefox draw. */
const maxSide = 16384;

/** A photograph as a document with one layer: 8 bit, sRGB, turned upright. Runs in the worker. */
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
  const { id } = layer;
  return { width, height, depth: 8, layers: [layer], isPsd: false, selectedId: id, remarks: [] };
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
      `"${name}" cannot be opened here. Use a PSD, PSB, PNG, JPEG, WebP, AVIF or GIF file.`,
      { cause },
    );
  }
}
