import type { ByteSource } from '../bytes';
import type { PsdBounds, PsdDocument, PsdLayer } from '../document';
import { boundsHeight, boundsWidth } from '../document';
import { openFlattenedPlanes, openLayerPlanes } from './decodeLayer';
import { requirePixels } from './header';
import type { Decompressors, Plane } from '../plane';
import { planeRows } from './planeRows';
import { allocateSamples, sampleMaximum, sampleReader, type Samples } from '../samples';

export interface ShrunkLayer {
  readonly width: number;
  readonly height: number;
  /** As in `DecodedLayer`. Colours next to transparent places carry some of what is hidden there. */
  readonly pixels: Samples;
  /** Document pixels per pixel. */
  readonly scale: number;
}

/**
 * A small copy of a layer, or of the flattened picture where `layer` is `null`: every pixel is the mean
 * of `scale` × `scale` of the layer's, a rest at the right and lower edge is left out. Never more than
 * a row of the layer is held.
 */
export async function decodeShrunk(
  source: ByteSource,
  document: PsdDocument,
  layer: PsdLayer | null,
  maxSide: number,
  options: Decompressors = {},
): Promise<ShrunkLayer> {
  const { header } = document;
  requirePixels(header);
  const canvas = { left: 0, top: 0, right: header.width, bottom: header.height };
  const bounds: PsdBounds = layer?.bounds ?? canvas;
  const planes = layer
    ? await openLayerPlanes(source, document, layer)
    : await openFlattenedPlanes(source, document);
  const scale = Math.max(
    1,
    Math.ceil(Math.max(boundsWidth(bounds), boundsHeight(bounds)) / maxSide),
  );
  const width = Math.floor(boundsWidth(bounds) / scale);
  const height = Math.floor(boundsHeight(bounds) / scale);
  const pixels = allocateSamples(header.depth, width * height * 4);
  for (const [component, plane] of planes.entries()) {
    if (plane) {
      await shrinkPlane(source, plane, { width, height, scale }, pixels, component, options);
    } else if (component === 3) {
      const full = sampleMaximum(header.depth);
      for (let i = 3; i < pixels.length; i += 4) pixels[i] = full;
    }
  }
  return { width, height, pixels, scale };
}

interface Grid {
  readonly width: number;
  readonly height: number;
  readonly scale: number;
}

async function shrinkPlane(
  source: ByteSource,
  plane: Plane,
  { width, height, scale }: Grid,
  pixels: Samples,
  component: number,
  options: Decompressors,
): Promise<void> {
  const read = sampleReader(plane.depth);
  const sums = new Float64Array(width);
  const rows = { from: 0, to: height * scale };
  for await (const batch of planeRows(source, plane, rows, options)) {
    const view = new DataView(batch.bytes.buffer, batch.bytes.byteOffset);
    for (let i = 0; i < batch.rowCount; i++) {
      const y = batch.firstRow + i;
      const start = i * plane.width;
      for (let x = 0; x < width * scale; x++) {
        const cell = Math.floor(x / scale);
        sums[cell] = sums[cell]! + read(view, start + x);
      }
      if ((y + 1) % scale !== 0) continue;
      let to = ((y + 1) / scale - 1) * width * 4 + component;
      for (let x = 0; x < width; x++, to += 4) pixels[to] = sums[x]! / (scale * scale);
      sums.fill(0);
    }
  }
}
