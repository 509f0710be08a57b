import { PspError } from '../../../../protocol/errors';
import type { Raster } from '../../../../protocol/raster';
import type { NewLayer } from '../../../core/document';
import type { PhotoshopApi, PhotoshopDocument, PhotoshopLayer } from '../api';
import { getHasMask, makeMask, play, selectLayers } from '../batchPlay';
import { colourOf, depthOf, gray, isGrey } from './documentColour';
import { fromMask, fromRaster } from './samples';

/** A new, named, empty pixel layer; it becomes the selected one. */
export async function createLayer(
  document: PhotoshopDocument,
  name: string,
): Promise<PhotoshopLayer> {
  return orRefused(await document.createPixelLayer({ name }), name);
}

export async function createGroup(
  document: PhotoshopDocument,
  name: string,
): Promise<PhotoshopLayer> {
  return orRefused(await document.createLayerGroup({ name }), name);
}

function orRefused(layer: PhotoshopLayer | null, name: string): PhotoshopLayer {
  if (layer !== null) return layer;
  throw new PspError(
    'OUTPUT_FAILED',
    `Photoshop could not make the layer "${name}". Close what you do not need, then run this again.`,
  );
}

/** Deletes a layer, and the group that it leaves empty. */
export async function removeLayer(layer: PhotoshopLayer): Promise<void> {
  const { parent } = layer;
  await layer.delete();
  if (parent?.layers?.length === 0) await parent.delete();
}

/** Puts pixels, mask and opacity into a pixel layer of the active document, in place of what it holds. */
export async function writeLayer(
  api: PhotoshopApi,
  document: PhotoshopDocument,
  layer: PhotoshopLayer,
  content: NewLayer,
): Promise<void> {
  await putPixels(api, document, layer, content);
  await putMask(api, document, layer, content);
  const percent = Math.round(content.opacity * 100);
  if (layer.opacity !== percent) layer.opacity = percent;
}

async function putPixels(
  api: PhotoshopApi,
  document: PhotoshopDocument,
  layer: PhotoshopLayer,
  { bounds, pixels, name }: NewLayer,
): Promise<void> {
  const samples = fromRaster(pixels, depthOf(api, document), isGrey(api, document));
  const imageData = await api.imaging.createImageDataFromBuffer(samples, {
    ...sizeOf(pixels),
    components: isGrey(api, document) ? 2 : 4,
    ...colourOf(api, document),
    chunky: true,
    fullRange: true,
  });
  try {
    await api.imaging.putPixels({
      documentID: document.id,
      layerID: layer.id,
      imageData,
      replace: true,
      targetBounds: bounds,
      commandName: name,
    });
  } finally {
    imageData.dispose();
  }
}

async function putMask(
  api: PhotoshopApi,
  document: PhotoshopDocument,
  layer: PhotoshopLayer,
  { bounds, mask, name }: NewLayer,
): Promise<void> {
  const [known] = await play(api, [getHasMask(document.id, layer.id)]);
  if (known?.['hasUserMask'] !== true) await play(api, [...selectLayers([layer.id]), makeMask]);
  const imageData = await api.imaging.createImageDataFromBuffer(
    fromMask(mask, depthOf(api, document)),
    {
      ...sizeOf(mask),
      components: 1,
      colorSpace: 'Grayscale',
      colorProfile: gray,
      chunky: true,
      fullRange: true,
    },
  );
  try {
    await api.imaging.putLayerMask({
      documentID: document.id,
      layerID: layer.id,
      imageData,
      replace: true,
      targetBounds: bounds,
      commandName: name,
    });
  } finally {
    imageData.dispose();
  }
}

const sizeOf = ({ width, height }: Pick<Raster, 'width' | 'height'>) => ({ width, height });
