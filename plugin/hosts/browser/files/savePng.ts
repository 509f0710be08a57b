import { PspError } from '../../../../protocol/errors';
import type { LayeredDocument } from '../document/layeredDocument';
import type { Bitmaps } from '../view/bitmaps';
import { drawLayers } from '../view/drawLayers';

/** The picture as it shows, flattened, 8 bit. @throws PspError OUTPUT_FAILED */
export async function savePng(document: LayeredDocument, bitmaps: Bitmaps): Promise<Blob> {
  const { width, height } = document.init;
  const { layers } = document.state.value;
  await bitmaps.ready(layers);
  try {
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext('2d')!;
    drawLayers(context, layers, bitmaps, { scale: 1, left: 0, top: 0 });
    return await canvas.convertToBlob({ type: 'image/png' });
  } catch (cause) {
    throw new PspError(
      'OUTPUT_FAILED',
      `The browser cannot make a PNG of ${width} × ${height} pixels. Save a PSD instead.`,
      { cause },
    );
  }
}
