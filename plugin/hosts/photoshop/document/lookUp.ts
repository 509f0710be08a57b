import { PspError } from '../../../../protocol/errors';
import type { LayerHandle } from '../../../core/document';
import type { PhotoshopApi, PhotoshopDocument, PhotoshopLayer } from '../api';

/** A layer with its document, as they are now. Keep neither over an `await` that leaves the modal state. */
export interface Located {
  readonly document: PhotoshopDocument;
  readonly layer: PhotoshopLayer;
}

export function findLayerById(
  layers: ArrayLike<PhotoshopLayer>,
  id: number,
): PhotoshopLayer | null {
  for (const layer of Array.from(layers)) {
    if (layer.id === id) return layer;
    const inside = layer.layers ? findLayerById(layer.layers, id) : null;
    if (inside) return inside;
  }
  return null;
}

export function locate(api: PhotoshopApi, handle: LayerHandle): Located | null {
  const document = Array.from(api.app.documents).find(({ id }) => String(id) === handle.documentId);
  const id = Number(handle.layerId);
  // Mostly it is a selected layer: every step of the walk asks Photoshop.
  const layer =
    document &&
    (Array.from(document.activeLayers).find((active) => active.id === id) ??
      findLayerById(document.layers, id));
  return document && layer ? { document, layer } : null;
}

/** @throws PspError DOCUMENT_CHANGED */
export function requireLayer(
  api: PhotoshopApi,
  handle: LayerHandle & { readonly layerName?: string },
): Located {
  const located = locate(api, handle);
  if (located) return located;
  const name = handle.layerName === undefined ? 'The layer' : `The layer "${handle.layerName}"`;
  throw new PspError(
    'DOCUMENT_CHANGED',
    `${name} is gone: it was deleted, or its document was closed. Bring it back and run this again.`,
  );
}

/** `activeDocument` throws in some versions and is null in others when nothing is open. */
export function activeDocument(api: PhotoshopApi): PhotoshopDocument | null {
  return api.app.documents.length === 0 ? null : api.app.activeDocument;
}
