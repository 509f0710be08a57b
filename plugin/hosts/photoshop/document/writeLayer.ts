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
  const components = isGrey(api, document) ? 2 : 4;
  const form = { ...sizeOf(pixels), components, ...colourOf(api, document) };
  await put(api, samples, form, (imageData) =>
    api.imaging.putPixels({ ...place(document, layer, bounds, name), imageData }),
  );
}

async function putMask(
  api: PhotoshopApi,
  document: PhotoshopDocument,
  layer: PhotoshopLayer,
  { bounds, mask, name }: NewLayer,
): Promise<void> {
  const [known] = await play(api, [getHasMask(document.id, layer.id)]);
  if (known?.['hasUserMask'] !== true) await play(api, [...selectLayers([layer.id]), makeMask]);
  const grey = { components: 1, colorSpace: 'Grayscale', colorProfile: gray } as const;
  const samples = fromMask(mask, depthOf(api, document));
  await put(api, samples, { ...sizeOf(mask), ...grey }, (imageData) =>
    api.imaging.putLayerMask({ ...place(document, layer, bounds, name), imageData }),
  );
}

type Imaging = PhotoshopApi['imaging'];
type Samples = Parameters<Imaging['createImageDataFromBuffer']>[0];
type ImageForm = Parameters<Imaging['createImageDataFromBuffer']>[1];

/** Photoshop's picture of the samples lives until it was used. */
export async function put(
  { imaging }: PhotoshopApi,
  samples: Samples,
  form: Omit<ImageForm, 'chunky' | 'fullRange'>,
  use: (imageData: Awaited<ReturnType<Imaging['createImageDataFromBuffer']>>) => Promise<void>,
): Promise<void> {
  const whole = { ...form, chunky: true, fullRange: true };
  const imageData = await imaging.createImageDataFromBuffer(samples, whole);
  try {
    await use(imageData);
  } finally {
    imageData.dispose();
  }
}

const place = (
  document: PhotoshopDocument,
  layer: PhotoshopLayer,
  targetBounds: NewLayer['bounds'],
  commandName: string,
) => ({ documentID: document.id, layerID: layer.id, replace: true, targetBounds, commandName });

const sizeOf = ({ width, height }: Pick<Raster, 'width' | 'height'>) => ({ width, height });
