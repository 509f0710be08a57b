import {
  boundsHeight,
  boundsWidth,
  intersectBounds,
  type Bounds,
} from '../../../../protocol/geometry';
import { PspError } from '../../../../protocol/errors';
import type { Mask, Raster } from '../../../../protocol/raster';
import type { LayerTarget, Preview } from '../../../core/document';
import type { PhotoshopApi, PhotoshopDocument, PhotoshopImageData, PixelsResult } from '../api';
import { depthOf, readColour } from './documentColour';
import type { Editor } from './editor';
import { isEmptyRegion } from './hostErrors';
import { requireLayer } from './lookUp';
import { toMask, toRaster, type ReadSamples } from './samples';
import { boundsOf } from './targets';

const isEmpty = (bounds: Bounds): boolean => boundsWidth(bounds) <= 0 || boundsHeight(bounds) <= 0;

export function readRegion(editor: Editor, target: LayerTarget, bounds: Bounds): Promise<Raster> {
  return editor.enter(`Read ${target.layerName}`, async () => {
    const { document, layer } = requireLayer(editor.api, target);
    const bits = depthOf(editor.api, document);
    const depth = bits === 8 ? 8 : 16;
    const source = intersectBounds(bounds, boundsOf(layer.boundsNoEffects));
    requireRoom(target, bounds, bits);
    const pixels = await getPixels(editor.api, document, layer.id, source);
    if (pixels === null) return toRaster(nothing, bounds, depth);
    return withSamples(pixels.imageData, (samples) =>
      toRaster({ ...samples, bounds: boundsOf(pixels.sourceBounds) }, bounds, depth),
    );
  });
}

/**
 * Photoshop warns at 600 MB of a plug-in's memory (imaging.md). A region is there twice at once: as image data
 * and as our samples, then as these and the raster.
 */
const largestRegion = 256 * 1024 * 1024;

/** @throws PspError TOO_LARGE, before a pixel is read */
function requireRoom({ layerName }: LayerTarget, bounds: Bounds, bits: 8 | 16 | 32): void {
  const [width, height] = [boundsWidth(bounds), boundsHeight(bounds)];
  const bytes = width * height * 4 * (bits / 8);
  if (bytes <= largestRegion) return;
  const megabytes = (count: number): number => Math.ceil(count / 1024 / 1024);
  throw new PspError(
    'TOO_LARGE',
    `"${layerName}" would give ${width} × ${height} pixels of ${bits} bits, ${megabytes(bytes)} MB; Photoshop leaves room for ${megabytes(largestRegion)}. Run this on a copy with 8 bits per channel or of a smaller size, or with "psp-layers apply" on the saved file.`,
  );
}

export function readPreview(
  editor: Editor,
  target: LayerTarget,
  maxSide: number,
): Promise<Preview> {
  return editor.enter(`Read ${target.layerName}`, async () => {
    const { document, layer } = requireLayer(editor.api, target);
    const source = boundsOf(layer.boundsNoEffects);
    const size = fit(source, maxSide);
    const pixels = await getPixels(editor.api, document, layer.id, source, size);
    if (pixels === null) return { bounds: source, pixels: toRaster(nothing, source, 8) };
    const { width, height } = pixels.imageData;
    return withSamples(pixels.imageData, (samples) => {
      const all = { left: 0, top: 0, right: width, bottom: height };
      return {
        bounds: fullResolution(pixels, source),
        pixels: toRaster({ ...samples, bounds: all }, all, 8),
      };
    });
  });
}

export function readSelectionMask(
  editor: Editor,
  target: LayerTarget,
  bounds: Bounds,
): Promise<Mask | null> {
  return editor.enter('Read selection', async () => {
    const { document } = requireLayer(editor.api, target);
    const selected = document.selection.bounds;
    if (selected === null) return null;
    const sourceBounds = intersectBounds(bounds, boundsOf(selected));
    if (isEmpty(sourceBounds)) return toMask(nothing, bounds);
    const got = await orNull(
      editor.api.imaging.getSelection({ documentID: document.id, sourceBounds }),
    );
    if (got === null) return toMask(nothing, bounds);
    return withSamples(got.imageData, (samples) =>
      toMask({ ...samples, bounds: boundsOf(got.sourceBounds) }, bounds),
    );
  });
}

const nothing: ReadSamples = {
  bounds: { left: 0, top: 0, right: 0, bottom: 0 },
  components: 4,
  samples: new Uint8Array(0),
};

/** In the document's own depth (8 bit of a 16-bit document fails since 26.3), in sRGB. */
async function getPixels(
  api: PhotoshopApi,
  document: PhotoshopDocument,
  layerID: number,
  sourceBounds: Bounds,
  targetSize: { readonly width: number; readonly height: number } | null = null,
): Promise<PixelsResult | null> {
  if (isEmpty(sourceBounds)) return null;
  return orNull(
    api.imaging.getPixels({
      documentID: document.id,
      layerID,
      sourceBounds,
      ...readColour,
      ...(targetSize ? { targetSize } : {}),
    }),
  );
}

async function orNull<T>(read: Promise<T>): Promise<T | null> {
  try {
    return await read;
  } catch (error) {
    if (isEmptyRegion(error)) return null;
    throw error;
  }
}

/** Photoshop's memory is given back whatever happens, and before the samples are arranged anew. */
async function withSamples<T>(
  imageData: PhotoshopImageData,
  use: (read: Omit<ReadSamples, 'bounds'>) => T,
): Promise<T> {
  const { components } = imageData;
  const reading = imageData.getData({ chunky: true, fullRange: true });
  const samples = await reading.finally(() => imageData.dispose());
  return use({ components, samples });
}

function fit(bounds: Bounds, maxSide: number): { width: number; height: number } | null {
  const [width, height] = [boundsWidth(bounds), boundsHeight(bounds)];
  const scale = maxSide / Math.max(width, height);
  if (scale >= 1) return null;
  return {
    width: Math.max(1, Math.round(width * scale)),
    height: Math.max(1, Math.round(height * scale)),
  };
}

/**
 * `sourceBounds` count in the pixels of the pyramid level that was used. Only when they were really
 * trimmed do they say more than what was asked for: a level rounds outwards by up to a whole pixel.
 */
function fullResolution({ sourceBounds, level }: PixelsResult, asked: Bounds): Bounds {
  const scale = 2 ** level;
  const snap = (value: number, wanted: number): number =>
    Math.abs(value * scale - wanted) <= scale ? wanted : value * scale;
  return {
    left: snap(sourceBounds.left, asked.left),
    top: snap(sourceBounds.top, asked.top),
    right: snap(sourceBounds.right, asked.right),
    bottom: snap(sourceBounds.bottom, asked.bottom),
  };
}
