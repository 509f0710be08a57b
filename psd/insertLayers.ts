import { ByteWriter, readBytes, type ByteSink, type ByteSource } from './bytes';
import type { LayerInfo, PsdDocument, PsdLayer } from './document';
import { encodeLayers, type EncodedLayers } from './encodeLayers';
import { PsdError } from './errors';
import { requirePixels } from './header';
import { indexTableSplices } from './indexTables';
import { validateLayers, type NewLayer } from './newLayer';
import { planPreview } from './preview';
import { applySplices, growth, replaceBytes, type Splice } from './splice';

export interface Insertion {
  /** Index of the layer or group (`PsdLayer.index`) that the new layers lie directly above. */
  readonly above: number;
  /** From the bottom to the top. */
  readonly layers: readonly NewLayer[];
}

export interface InsertionReport {
  /** Whether the flattened preview shows the new layers. */
  readonly preview: 'updated' | 'kept';
  /** Why the preview was kept, as a sentence. */
  readonly reason: string | null;
  /** The new layers joined a clipping stack: they show only where its base layer is opaque. */
  readonly clipped: boolean;
}

/** Photoshop's limits, from its documentation. */
const MAX_LAYERS = 8000;
const MAX_PSD_BYTES = 2 ** 31 - 1;

/**
 * Writes the document with new layers directly above one of its own. Every other byte goes through
 * unchanged, except: lengths and the layer count; the alignment behind the last channel (0 to 3
 * zeros); image resources with one entry per layer; and the flattened preview where the result is
 * exact. Nothing is written before everything has been checked.
 * @throws PsdError NO_SUCH_LAYER, BAD_LAYER, UNSUPPORTED, TOO_LARGE or DAMAGED.
 */
export async function insertLayers(
  source: ByteSource,
  document: PsdDocument,
  insertion: Insertion,
  sink: ByteSink,
): Promise<InsertionReport> {
  const { header, layerInfo } = document;
  requirePixels(header);
  validateLayers(insertion.layers, header);
  const target = document.layers[insertion.above];
  if (!layerInfo || !target || target.kind === 'group-end') {
    throw new PsdError(
      'NO_SUCH_LAYER',
      `The document has no layer ${insertion.above} to insert above. It has ${document.layers.length} layer records, counted from 0.`,
    );
  }
  const clipped = joinsClippingStack(document, target);
  const encoded = encodeLayers(insertion.layers, header, clipped);
  requireCount(document.layers.length + encoded.count);
  const preview = await planPreview(source, document, target, clipped, insertion.layers);
  const splices = [
    ...(await indexTableSplices(source, document, target.index, encoded.count)),
    ...(await layerInfoSplices(source, document, layerInfo, target, encoded)),
    ...preview.splices,
  ];
  requireSize(document, document.size + growth(splices));
  await applySplices(source, splices, sink);
  const { reason } = preview;
  return { preview: reason === null ? 'updated' : 'kept', reason, clipped };
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

async function layerInfoSplices(
  source: ByteSource,
  document: PsdDocument,
  info: LayerInfo,
  target: PsdLayer,
  encoded: EncodedLayers,
): Promise<readonly Splice[]> {
  const { content, channelsEnd } = info;
  const inserted = encoded.records.length + encoded.channelBytes;
  const padding = await paddingSplice(
    source,
    channelsEnd,
    content.offset + content.length,
    inserted,
  );
  const grown = inserted + padding.added - padding.removed;
  const count = (document.layers.length + encoded.count) * (info.mergedTransparency ? -1 : 1);
  const sectionBytes = document.header.large ? 8 : 4;
  const section = document.layerSection;
  return [
    lengthSplice(section.offset - sectionBytes, sectionBytes, section.length + grown),
    lengthSplice(info.lengthOffset, info.lengthBytes, content.length + grown),
    replaceBytes(content.offset, 2, new ByteWriter().int16(count).bytes()),
    replaceBytes(target.record.offset + target.record.length, 0, encoded.records),
    {
      at: channelsEndOf(document, info, target),
      removed: 0,
      added: encoded.channelBytes,
      chunks: channelChunks(encoded),
    },
    padding,
  ];
}

function* channelChunks(encoded: EncodedLayers): Iterable<Uint8Array> {
  for (const channel of encoded.channels) yield* channel.chunks;
}

const lengthSplice = (at: number, bytes: 4 | 8, length: number): Splice =>
  replaceBytes(at, bytes, new ByteWriter().size(length, bytes === 8).bytes());

/** Channels lie in the order of the records. */
function channelsEndOf({ layers }: PsdDocument, info: LayerInfo, target: PsdLayer): number {
  for (let index = target.index; index >= 0; index--) {
    const last = layers[index]?.channels.at(-1);
    if (last) return last.offset + last.length;
  }
  return info.channelsOffset;
}

/** Keeps the layer info's alignment to four bytes, whatever it was, with 0 to 3 zeros at its end. */
async function paddingSplice(
  source: ByteSource,
  channelsEnd: number,
  end: number,
  inserted: number,
): Promise<Splice> {
  const missing = (4 - (inserted % 4)) % 4;
  const present = end - channelsEnd;
  const surplus = 4 - missing;
  if (missing > 0 && present < 4 && present >= surplus) {
    const padding = await readBytes(source, channelsEnd, present);
    if (padding.every((byte) => byte === 0)) return replaceBytes(end - surplus, surplus, noBytes);
  }
  return replaceBytes(end, 0, new Uint8Array(missing));
}

const noBytes = new Uint8Array(0);

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
