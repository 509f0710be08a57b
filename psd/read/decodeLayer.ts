import type { ByteSource } from '../bytes';
import type { LayerChannel, PsdBounds, PsdDocument, PsdLayer } from '../document';
import { boundsHeight, boundsWidth } from '../document';
import { damaged, PsdError } from '../errors';
import { colorChannels, MAX_SIDE, requirePixels } from './header';
import { openLayerPlane, openPreviewPlanes, type Decompressors, type Plane } from '../plane';
import { planeRows } from './planeRows';
import {
  allocateSamples,
  sampleMaximum,
  sampleReader,
  type SampleDepth,
  type Samples,
} from '../samples';

/** What one call may decode unless told otherwise: 100 megapixels of 16-bit RGBA fit. */
export const MAX_DECODED_BYTES = 1024 * 1024 * 1024;

export interface DecodeOptions extends Decompressors {
  /** The part to decode, in the document's pixels; cut to the layer's bounds. */
  readonly region?: PsdBounds;
  readonly maxBytes?: number;
}

export interface DecodedLayer {
  /** What was decoded: the layer's bounds, or the region within them. */
  readonly bounds: PsdBounds;
  readonly depth: 8 | 16 | 32;
  /**
   * RGBA interleaved, straight alpha, in the document's own profile: 0..255, 0..65535, or linear
   * floats with 1 for white. Greyscale comes with R = G = B.
   */
  readonly pixels: Samples;
}

export interface DecodedMask {
  readonly bounds: PsdBounds;
  /** 0..255, whatever the document's depth. */
  readonly pixels: Uint8Array;
  /** The mask outside its bounds. */
  readonly defaultColor: 0 | 255;
}

/**
 * Decodes one layer's own pixels: no mask, opacity, effects or blending applied.
 * @throws PsdError UNSUPPORTED (colour mode), DAMAGED, TOO_LARGE (over `maxBytes`).
 */
export async function decodeLayer(
  source: ByteSource,
  document: PsdDocument,
  layer: PsdLayer,
  options: DecodeOptions = {},
): Promise<DecodedLayer> {
  const { header } = document;
  requirePixels(header);
  const empty = isEmpty(cut(layer.bounds, options.region));
  const planes = empty ? noPlanes : await openLayerPlanes(source, document, layer);
  return decodePlanes(source, layer.bounds, header.depth, planes, options);
}

/** A layer's planes as R, G, B, A; `null` where it has none. Greyscale has one plane three times. */
export async function openLayerPlanes(
  source: ByteSource,
  document: PsdDocument,
  layer: PsdLayer,
): Promise<readonly (Plane | null)[]> {
  const open = async (id: number) => {
    const channel = layer.channels.find((entry) => entry.id === id);
    return channel ? openChannel(source, document, layer, channel, layer.bounds) : null;
  };
  const red = await open(0);
  const rgb = document.header.colorMode === 'rgb';
  return [red, rgb ? await open(1) : red, rgb ? await open(2) : red, await open(-1)];
}

const noPlanes = [null, null, null, null];

/** Decodes the flattened preview: the picture itself in a document without layers. */
export async function decodePreview(
  source: ByteSource,
  document: PsdDocument,
  options: DecodeOptions = {},
): Promise<DecodedLayer> {
  const { header } = document;
  requirePixels(header);
  const planes = await openFlattenedPlanes(source, document);
  const bounds = { left: 0, top: 0, right: header.width, bottom: header.height };
  return decodePlanes(source, bounds, header.depth, planes, options);
}

/** The preview's planes as R, G, B, A. @throws PsdError UNSUPPORTED where it is ZIP compressed. */
export async function openFlattenedPlanes(
  source: ByteSource,
  document: PsdDocument,
): Promise<readonly (Plane | null)[]> {
  const planes = await openPreviewPlanes(source, document);
  if (!planes) {
    throw new PsdError(
      'UNSUPPORTED',
      'The flattened preview is ZIP compressed, which no current program writes. Save the document again in its editor.',
    );
  }
  const colors = colorChannels(document.header);
  const transparency = document.layerInfo?.mergedTransparency ? planes[colors] : undefined;
  const rgb = [0, 1, 2].map((i) => planes[colors === 1 ? 0 : i] ?? null);
  return [...rgb, transparency ?? null];
}

/** Decodes a layer's pixel mask; `null` where it has none. */
export async function decodeMask(
  source: ByteSource,
  document: PsdDocument,
  layer: PsdLayer,
  options: DecodeOptions = {},
): Promise<DecodedMask | null> {
  const channel = layer.channels.find((entry) => entry.id === -2);
  if (!layer.mask || !channel) return null;
  requirePixels(document.header);
  const { bounds, defaultColor } = layer.mask;
  const { width, height } = checkSize(bounds, 1, options);
  const pixels = new Uint8Array(width * height);
  if (isEmpty(bounds)) return { bounds, pixels, defaultColor };
  const plane = await openChannel(source, document, layer, channel, bounds);
  const read = sampleReader(document.header.depth);
  const scale = 255 / sampleMaximum(document.header.depth);
  for await (const batch of planeRows(source, plane, { from: 0, to: height }, options)) {
    const view = new DataView(batch.bytes.buffer, batch.bytes.byteOffset);
    const first = batch.firstRow * width;
    for (let i = 0; i < batch.rowCount * width; i++) {
      pixels[first + i] = Math.round(read(view, i) * scale);
    }
  }
  return { bounds, pixels, defaultColor };
}

async function openChannel(
  source: ByteSource,
  document: PsdDocument,
  layer: PsdLayer,
  channel: LayerChannel,
  bounds: PsdBounds,
): Promise<Plane> {
  const { header } = document;
  requirePixels(header);
  const shape = { ...checkSides(bounds), depth: header.depth };
  const what = `channel ${channel.id} of the layer "${layer.name}"`;
  return openLayerPlane(source, channel, shape, header.large, what);
}

/** Interleaves the planes' part inside the region; a missing colour is black, missing alpha full. */
async function decodePlanes(
  source: ByteSource,
  bounds: PsdBounds,
  depth: SampleDepth,
  planes: readonly (Plane | null)[],
  options: DecodeOptions,
): Promise<DecodedLayer> {
  const part = cut(bounds, options.region);
  const { width, height } = checkSize(part, (4 * depth) / 8, options);
  const pixels = allocateSamples(depth, width * height * 4);
  const rows = { from: part.top - bounds.top, to: part.bottom - bounds.top };
  const column = part.left - bounds.left;
  const read = sampleReader(depth);
  for (const [component, plane] of planes.entries()) {
    if (!plane) {
      if (component === 3) fillComponent(pixels, 3, sampleMaximum(depth));
      continue;
    }
    if (component > 0 && plane === planes[0]) {
      copyComponent(pixels, component);
      continue;
    }
    for await (const batch of planeRows(source, plane, rows, options)) {
      const view = new DataView(batch.bytes.buffer, batch.bytes.byteOffset);
      for (let i = 0; i < batch.rowCount; i++) {
        const from = i * plane.width + column;
        let to = (batch.firstRow + i - rows.from) * width * 4 + component;
        for (let x = 0; x < width; x++, to += 4) pixels[to] = read(view, from + x);
      }
    }
  }
  return { bounds: part, depth, pixels };
}

function fillComponent(pixels: Samples, component: number, value: number): void {
  for (let i = component; i < pixels.length; i += 4) pixels[i] = value;
}

function copyComponent(pixels: Samples, component: number): void {
  for (let i = 0; i < pixels.length; i += 4) pixels[i + component] = pixels[i]!;
}

const isEmpty = (bounds: PsdBounds): boolean =>
  boundsWidth(bounds) <= 0 || boundsHeight(bounds) <= 0;

/** What of `bounds` lies in the region; empty bounds stay empty. */
function cut(bounds: PsdBounds, region: PsdBounds = bounds): PsdBounds {
  const left = Math.max(bounds.left, region.left);
  const top = Math.max(bounds.top, region.top);
  return {
    left,
    top,
    right: Math.max(left, Math.min(bounds.right, region.right)),
    bottom: Math.max(top, Math.min(bounds.bottom, region.bottom)),
  };
}

function checkSize(bounds: PsdBounds, pixelBytes: number, { maxBytes }: DecodeOptions) {
  const { width, height } = checkSides(bounds);
  const limit = maxBytes ?? MAX_DECODED_BYTES;
  if (width * height * pixelBytes > limit) {
    throw new PsdError(
      'TOO_LARGE',
      `${width} × ${height} pixels take ${width * height * pixelBytes} bytes, at most ${limit} are decoded at once. Ask for a smaller region.`,
    );
  }
  return { width, height };
}

function checkSides(bounds: PsdBounds) {
  const width = boundsWidth(bounds);
  const height = boundsHeight(bounds);
  if (width < 0 || height < 0 || width > MAX_SIDE.psb || height > MAX_SIDE.psb) {
    throw damaged(`a layer's bounds are ${width} × ${height} pixels`);
  }
  return { width, height };
}
