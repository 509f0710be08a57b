import type { ByteSink, ByteSource } from '../bytes';
import type { PsdDocument, PsdLayer } from '../document';
import { encodeLayers } from './encodeLayers';
import { PsdError } from '../errors';
import { firstLayerSplices } from './firstLayers';
import { requirePixels } from '../read/header';
import type { Insertion, PlacedInsertion } from './insertion';
import { layerInfoSplices } from './layerInfoSplices';
import type { MadeLayer } from './madeWith';
import { validateLayers } from './newLayer';
import { planPreview } from '../preview/preview';
import { resourceSplices } from './resourceSplices';
import { applySplices, growth } from './splice';

export interface InsertionReport {
  /** Whether the flattened preview shows the new layers. */
  readonly preview: 'updated' | 'kept';
  /** Why the preview was kept, as a sentence. */
  readonly reason: string | null;
  /** New layers joined a clipping stack: they show only where its base layer is opaque. */
  readonly clipped: boolean;
}

/** Photoshop's limits, from its documentation. */
const MAX_LAYERS = 8000;
export const MAX_PSD_BYTES = 2 ** 31 - 1;

/**
 * Writes the document with new layers directly above some of its own. Every other byte goes through
 * unchanged, except: lengths and the layer count; the alignment behind the last channel (0 to 3
 * zeros); image resources with one entry per layer; the XMP packet where it is to say how layers were
 * made; and the flattened preview where the result is exact. Nothing is written before everything has
 * been checked.
 * @param made what the XMP packet is to say of new layers
 * @throws PsdError NO_SUCH_LAYER, BAD_LAYER, UNSUPPORTED, TOO_LARGE or DAMAGED.
 */
export async function insertLayers(
  source: ByteSource,
  document: PsdDocument,
  insertions: readonly Insertion[],
  sink: ByteSink,
  made: readonly MadeLayer[] = [],
): Promise<InsertionReport> {
  const placed = place(document, insertions);
  const total = placed.reduce((count, { encoded }) => count + encoded.count, 0);
  requireCount(document.layers.length + total);
  const preview = await planPreview(source, document, placed);
  const { layerInfo } = document;
  const splices = [
    ...(await resourceSplices(source, document, placed, made)),
    ...(layerInfo && document.layers.length > 0
      ? await layerInfoSplices(source, document, layerInfo, placed)
      : await firstLayerSplices(source, document, placed)),
    ...preview.splices,
  ];
  requireSize(document, document.size + growth(splices));
  await applySplices(source, splices, sink);
  const { reason } = preview;
  return {
    preview: reason === null ? 'updated' : 'kept',
    reason,
    clipped: placed.some(({ clipped }) => clipped),
  };
}

/** Finds every insertion's layer and encodes what goes there, from the bottom to the top. */
function place(
  document: PsdDocument,
  insertions: readonly Insertion[],
): readonly PlacedInsertion[] {
  const { header } = document;
  requirePixels(header);
  return insertions
    .map(({ above, layers }) => {
      validateLayers(layers, header);
      const target = findTarget(document, above);
      const clipped = target !== null && joinsClippingStack(document, target);
      return { target, layers, clipped, encoded: encodeLayers(layers, header, clipped) };
    })
    .sort((a, b) => (a.target?.index ?? 0) - (b.target?.index ?? 0));
}

function findTarget({ layers }: PsdDocument, above: Insertion['above']): PsdLayer | null {
  if (above === 'background' && layers.length === 0) return null;
  const target = above === 'background' ? undefined : layers[above];
  if (target && target.kind !== 'group-end') return target;
  throw new PsdError(
    'NO_SUCH_LAYER',
    layers.length === 0
      ? 'The document has no layers: insert above its "background".'
      : `The document has no layer ${above} to insert above; its layer records are 0 to ${layers.length - 1}.`,
  );
}

/**
 * A layer between a base and the layers clipped to it would become their base. It joins the stack
 * instead, as a layer that is made there in Photoshop does.
 */
function joinsClippingStack({ layers }: PsdDocument, target: PsdLayer): boolean {
  const next = layers.find(
    ({ index, parent, kind }) =>
      index > target.index && parent === target.parent && kind !== 'group-end',
  );
  return target.clipped || next?.clipped === true;
}

function requireCount(count: number): void {
  if (count > MAX_LAYERS) {
    throw new PsdError(
      'TOO_LARGE',
      `The document would have ${count} layers, Photoshop opens at most ${MAX_LAYERS}. Merge some first.`,
    );
  }
}

function requireSize({ header, size }: PsdDocument, newSize: number): void {
  if (!header.large && newSize > MAX_PSD_BYTES && newSize > size) {
    throw new PsdError(
      'TOO_LARGE',
      `The result would have ${newSize} bytes, a PSD file may have ${MAX_PSD_BYTES}. Save the document as Large Document Format (PSB) and use that.`,
    );
  }
}
