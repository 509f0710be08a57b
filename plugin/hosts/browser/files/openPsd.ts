import {
  decodeLayer,
  decodeMask,
  decodePreview,
  isPsdError,
  readBytes,
  readStructure,
  type ByteSource,
  type PsdDocument,
  type PsdLayer,
} from '../../../../psd';
import { PspError } from '../../../../protocol/errors';
import { boundsHeight, boundsWidth } from '../../../../protocol/geometry';
import { saysSrgb } from '../../../../protocol/srgb';
import { canvasBlendMode, passThrough } from '../document/blendModes';
import { walkLayers, type Layer, type LayerMask } from '../document/layer';
import { groupLayer, pixelLayer } from '../document/newLayers';
import { blobSource, inflate } from './blobSource';
import type { FileRemark, OpenedFile } from './openedFile';
import { fromSamples } from './samples';

/** Whether the first bytes are those of a PSD or PSB file. */
export async function isPsd(blob: Blob): Promise<boolean> {
  const start = new Uint8Array(await blob.slice(0, 4).arrayBuffer());
  return String.fromCharCode(...start) === '8BPS';
}

/** A PSD or PSB file as a document. Runs in the worker. @throws PspError */
export async function openPsd(blob: Blob, name: string): Promise<OpenedFile> {
  try {
    return await read(blobSource(blob), name);
  } catch (error) {
    if (!isPsdError(error)) throw error;
    const code = error.code === 'TOO_LARGE' ? 'TOO_LARGE' : 'BAD_INPUT';
    throw new PspError(code, `"${name}": ${error.message}`, { cause: error });
  }
}

async function read(source: ByteSource, name: string): Promise<OpenedFile> {
  const file = await readStructure(source);
  const profile = await foreignProfile(source, file);
  const layers =
    file.layers.length === 0
      ? [await flatLayer(source, file, name, profile !== null)]
      : await readLayers(source, file, null, profile !== null);
  return {
    width: file.header.width,
    height: file.header.height,
    depth: file.header.depth === 8 ? 8 : 16,
    layers,
    profile,
    metadata: null,
    selectedId: firstTarget(layers),
    remarks: remarksOn(file),
  };
}

/** The profile of RGB pixels that are not sRGB. */
async function foreignProfile(
  source: ByteSource,
  { iccProfile, header }: PsdDocument,
): Promise<Uint8Array | null> {
  if (!iccProfile || header.colorMode !== 'rgb') return null;
  const profile = await readBytes(source, iccProfile.offset, iccProfile.length);
  return saysSrgb(profile) ? null : profile;
}

async function flatLayer(
  source: ByteSource,
  file: PsdDocument,
  name: string,
  profiled: boolean,
): Promise<Layer> {
  const { bounds, pixels } = await decodePreview(source, file, { inflate });
  const raster = { width: boundsWidth(bounds), height: boundsHeight(bounds) };
  const layerName = name.replace(/\.[^.]*$/, '');
  return pixelLayer({
    name: layerName,
    bounds,
    pixels: { ...raster, data: fromSamples(pixels, profiled) },
    fileIndex: 0,
  });
}

/** The members of a group, or the top level, bottom to top. */
async function readLayers(
  source: ByteSource,
  file: PsdDocument,
  parent: number | null,
  profiled: boolean,
): Promise<readonly Layer[]> {
  const layers: Layer[] = [];
  for (const layer of file.layers) {
    if (layer.parent !== parent || layer.kind === 'group-end') continue;
    layers.push(await readLayer(source, file, layer, profiled));
  }
  return layers;
}

async function readLayer(
  source: ByteSource,
  file: PsdDocument,
  layer: PsdLayer,
  profiled: boolean,
): Promise<Layer> {
  const { name, visible, opacity, index: fileIndex, clipped } = layer;
  const shared = { name, visible, opacity, fileIndex, mask: await readMask(source, file, layer) };
  if (layer.kind === 'group') {
    const children = await readLayers(source, file, layer.index, profiled);
    return groupLayer({ ...shared, blendMode: groupBlendMode(layer), children });
  }
  const { bounds, pixels } = await decodeLayer(source, file, layer, { inflate });
  return pixelLayer({
    ...shared,
    clipped,
    blendMode: canvasBlendMode(layer.blendMode),
    bounds,
    pixels: {
      width: boundsWidth(bounds),
      height: boundsHeight(bounds),
      data: fromSamples(pixels, profiled),
    },
    refusal: refusalOf(layer),
  });
}

const groupBlendMode = (layer: PsdLayer): string =>
  layer.blendMode === 'pass' ? passThrough : canvasBlendMode(layer.blendMode);

async function readMask(
  source: ByteSource,
  file: PsdDocument,
  layer: PsdLayer,
): Promise<LayerMask | null> {
  if (!layer.mask || layer.mask.disabled) return null;
  const mask = await decodeMask(source, file, layer, { inflate });
  if (!mask) return null;
  const { bounds, pixels, defaultColor } = mask;
  const size = { width: boundsWidth(bounds), height: boundsHeight(bounds) };
  return { bounds, mask: { ...size, data: pixels }, outside: defaultColor };
}

function refusalOf({ kind, name, bounds }: PsdLayer): string | null {
  if (kind === 'adjustment' || kind === 'fill') {
    return `"${name}" holds no picture of its own. Select the layer that shows the face.`;
  }
  if (boundsWidth(bounds) === 0 || boundsHeight(bounds) === 0) {
    return `The layer "${name}" is empty. Select a layer with pixels.`;
  }
  return null;
}

function firstTarget(layers: readonly Layer[]): string | null {
  const all = [...walkLayers(layers)].map(({ layer }) => layer).reverse();
  const usable = all.filter((layer) => layer.kind === 'pixel' && layer.refusal === null);
  return (usable.find((layer) => layer.visible) ?? usable[0])?.id ?? null;
}

/** What the page shows differently from the program that wrote the file; nothing of it is lost. */
function remarksOn(file: PsdDocument): readonly FileRemark[] {
  const remarks: FileRemark[] = [];
  if (file.layers.some(({ kind }) => kind === 'adjustment')) {
    remarks.push('adjustments');
  }
  if (file.layers.some(({ hasEffects, hasVectorMask }) => hasEffects || hasVectorMask)) {
    remarks.push('effects');
  }
  return remarks;
}
