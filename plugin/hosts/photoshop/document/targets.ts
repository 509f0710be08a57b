import type { Bounds } from '../../../../protocol/geometry';
import type { LayerTarget } from '../../../core/document';
import type { PhotoshopApi, PhotoshopBounds, PhotoshopDocument, PhotoshopLayer } from '../api';

export function boundsOf({ left, top, right, bottom }: PhotoshopBounds): Bounds {
  return { left, top, right, bottom };
}

export function describeTarget(
  api: PhotoshopApi,
  document: PhotoshopDocument,
  layer: PhotoshopLayer,
  revision: string,
): LayerTarget {
  return {
    documentId: String(document.id),
    documentName: document.title,
    layerId: String(layer.id),
    layerName: layer.name,
    bounds: boundsOf(layer.boundsNoEffects),
    refusal: refusalOf(api, document, layer),
    revision,
  };
}

/** Selected layers in the order of the Layers panel, which `activeLayers` does not promise. */
export function selectedTopFirst(document: PhotoshopDocument): readonly PhotoshopLayer[] {
  const active = Array.from(document.activeLayers);
  if (active.length < 2) return active;
  const selected = new Set(active.map((layer) => layer.id));
  const walk = (layers: ArrayLike<PhotoshopLayer>): PhotoshopLayer[] =>
    Array.from(layers).flatMap((layer) => [
      ...(selected.has(layer.id) ? [layer] : []),
      ...(layer.layers ? walk(layer.layers) : []),
    ]);
  return walk(document.layers);
}

/** Kinds whose pixels Photoshop renders for us; the source is only ever read. */
const readableKinds = ['pixel', 'smartObject', 'video'];

const otherKinds: Readonly<Record<string, string>> = {
  group: 'is a group. Select one of the layers in it',
  text: 'is a text layer. Select a layer with a picture',
  threeD: 'is a 3D layer. Rasterize a copy of it',
};

/**
 * Why a layer cannot be worked on. Hidden and locked layers, the Background and smart objects can:
 * they are read, and the result is a layer of its own above them.
 */
export function refusalOf(
  api: PhotoshopApi,
  document: PhotoshopDocument,
  layer: PhotoshopLayer,
): string | null {
  const { DocumentMode, BitsPerChannelType } = api.constants;
  if (document.mode !== DocumentMode.RGB && document.mode !== DocumentMode.GRAYSCALE) {
    return `"${document.title}" is neither RGB nor greyscale. Convert a copy of it with Image › Mode › RGB Color, then run this again.`;
  }
  if (!(Object.values(BitsPerChannelType) as string[]).includes(document.bitsPerChannel)) {
    return `"${document.title}" has a bit depth that cannot be read. Convert a copy of it to 8 or 16 bits per channel.`;
  }
  if (!readableKinds.includes(layer.kind)) {
    const reason = otherKinds[layer.kind] ?? 'has no pixels of its own. Select a pixel layer';
    return `The layer "${layer.name}" ${reason}, then run this again.`;
  }
  for (let group = layer.parent; group; group = group.parent) {
    if (group.allLocked) {
      return `The group "${group.name}" is locked, so no layer can be put into it. Unlock it, then run this again.`;
    }
  }
  return null;
}
