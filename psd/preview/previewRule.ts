import { readBytes, type ByteSource } from '../bytes';
import type { PsdBounds, PsdDocument, PsdLayer } from '../document';
import { boundsHeight, boundsWidth, isShown } from '../document';
import { resourceId } from '../read/resources';

/**
 * When the flattened preview with new layers can be known exactly without rendering the document:
 * the new layers lie over everything else in the area they touch, inside groups that change
 * nothing, so that the new preview is the old one with them painted over it.
 * @returns why that is not so, as a sentence; `null` where it is.
 */
export async function previewObstacle(
  source: ByteSource,
  document: PsdDocument,
  target: PsdLayer,
  clipped: boolean,
  area: PsdBounds,
): Promise<string | null> {
  if (clipped) return 'The new layers are clipped to the layer below, as their neighbours are.';
  if (!(await hasRealPreview(source, document))) {
    return 'The document was saved without a flattened preview (Maximize Compatibility off).';
  }
  const around = new Set<PsdLayer>();
  for (let at = parentOf(document, target); at; at = parentOf(document, at)) {
    around.add(at);
    if (!isNeutral(at)) {
      return `The group "${at.name}" around the new layers blends them in its own way.`;
    }
  }
  const above = document.layers
    .slice(target.index + 1)
    .find((layer) => !around.has(layer) && isShown(document, layer) && reaches(layer, area));
  return above ? `The layer "${above.name}" lies over the new layers.` : null;
}

const parentOf = (document: PsdDocument, layer: PsdLayer): PsdLayer | undefined =>
  layer.parent === null ? undefined : document.layers[layer.parent];

/** Photoshop notes in the version resource whether the preview is more than a placeholder. */
async function hasRealPreview(source: ByteSource, document: PsdDocument): Promise<boolean> {
  const version = document.resources.blocks.find(({ id }) => id === resourceId.versionInfo);
  if (!version || version.length < 5) return true;
  return (await readBytes(source, version.offset + 4, 1))[0] !== 0;
}

/** Members of a group are drawn as if it were not there. */
const isNeutral = (group: PsdLayer): boolean =>
  group.blendMode === 'pass' &&
  group.opacity === 1 &&
  group.fillOpacity === 1 &&
  !group.clipped &&
  (group.mask === null || group.mask.disabled) &&
  !group.hasVectorMask &&
  !group.hasEffects &&
  !group.blocks.some(({ key, length }) => restricting.has(key) && length > 0);

/** Artboards cut off, `brst` leaves channels out. */
const restricting: ReadonlySet<string> = new Set(['artb', 'artd', 'abdd', 'brst']);

/** Whether a shown layer may change pixels inside the area. */
function reaches(layer: PsdLayer, area: PsdBounds): boolean {
  if (layer.hasEffects || layer.kind === 'adjustment' || layer.kind === 'fill') return true;
  if (layer.kind === 'group') return layer.blocks.some(({ key }) => key.startsWith('artb'));
  const { bounds } = layer;
  return (
    layer.kind !== 'group-end' &&
    boundsWidth(bounds) > 0 &&
    boundsHeight(bounds) > 0 &&
    bounds.left < area.right &&
    bounds.right > area.left &&
    bounds.top < area.bottom &&
    bounds.bottom > area.top
  );
}
