import type { LayerCommit, LayerHandle } from '../../../core/document';
import type { PhotoshopApi, PhotoshopDocument, PhotoshopLayer } from '../api';
import { createGroup, createLayer, writeLayer } from './writeLayer';

/**
 * Adds the layers directly above `source`, bottom to top; several go into a group. Within a clipping
 * stack they join it, one by one, because a layer between would take the others off their base.
 */
export async function addAbove(
  api: PhotoshopApi,
  document: PhotoshopDocument,
  source: PhotoshopLayer,
  { groupName, layers }: Pick<LayerCommit, 'groupName' | 'layers'>,
): Promise<readonly LayerHandle[]> {
  const { PLACEBEFORE, PLACEINSIDE } = api.constants.ElementPlacement;
  const clipped = isInClippingStack(document, source);
  const group = layers.length > 1 && !clipped ? await createGroup(document, groupName) : null;
  await group?.move(source, PLACEBEFORE);

  const made: LayerHandle[] = [];
  let below = source;
  for (const content of layers) {
    const layer = await createLayer(document, content.name);
    await layer.move(group ?? below, group ? PLACEINSIDE : PLACEBEFORE);
    if (clipped && !layer.isClippingMask) layer.isClippingMask = true;
    await writeLayer(api, document, layer, content);
    if (!content.visible) layer.visible = false;
    made.push({ documentId: String(document.id), layerId: String(layer.id) });
    below = layer;
  }
  return made;
}

function isInClippingStack(document: PhotoshopDocument, source: PhotoshopLayer): boolean {
  const siblings = Array.from(source.parent?.layers ?? document.layers);
  const above = siblings[siblings.findIndex(({ id }) => id === source.id) - 1];
  return source.isClippingMask || above?.isClippingMask === true;
}
