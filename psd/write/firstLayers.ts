import { readBytes, type ByteSource } from '../bytes';
import type { PsdDocument } from '../document';
import { encodeBackground } from './encodeBackground';
import { PsdError } from '../errors';
import type { PlacedInsertion } from './insertion';
import { sectionLengthSplice } from './layerInfoSplices';
import { frameLayerList, layerBlockKey, type LayerListFrame } from './layerList';
import { growth, type Splice } from './splice';

/**
 * The first layers of a flattened document. Photoshop shows such a document's preview as its
 * "Background"; as soon as there are layers, it must be one of them.
 */
export async function firstLayerSplices(
  source: ByteSource,
  document: PsdDocument,
  placed: readonly PlacedInsertion[],
): Promise<readonly Splice[]> {
  if (document.layerInfo) {
    throw new PsdError(
      'UNSUPPORTED',
      'The document has an empty layer list. Open it in its editor and save it again.',
    );
  }
  const background = await encodeBackground(source, document);
  const encoded = [background, ...placed.map((insertion) => insertion.encoded)];
  const list = frameLayerList(document.header, encoded, false);
  const { at, removed, before, after } = await findGap(source, document);
  const splice: Splice = {
    at,
    removed,
    added: before + list.byteLength + after,
    chunks: chunksOf(list, before, after),
  };
  return [sectionLengthSplice(document, growth([splice])), splice];
}

async function* chunksOf(
  list: LayerListFrame,
  before: number,
  after: number,
): AsyncIterable<Uint8Array> {
  yield new Uint8Array(before);
  yield list.head;
  yield* list.channels;
  yield list.padding;
  yield new Uint8Array(after);
}

/**
 * Where the list goes, and the empty length fields that the section lacks so far: that of the
 * layer info before a block, that of the global mask (4 bytes) before a block or after a list.
 */
async function findGap(source: ByteSource, { header, layerSection }: PsdDocument) {
  const { offset, length } = layerSection;
  const field = header.large ? 8 : 4;
  const inBlock = layerBlockKey(header) !== null;
  if (length < field) {
    const empty = { at: offset, removed: length };
    return inBlock ? { ...empty, before: field + 4, after: 0 } : { ...empty, before: 0, after: 4 };
  }
  // `readStructure` found no layers: the list that is there is empty.
  const listEnd = offset + field + (await readLength(source, offset + field - 4));
  const hasMask = offset + length - listEnd >= 4;
  if (!inBlock) return { at: offset, removed: listEnd - offset, before: 0, after: hasMask ? 0 : 4 };
  if (!hasMask) return { at: offset + length, removed: 0, before: 4, after: 0 };
  const maskEnd = listEnd + 4 + (await readLength(source, listEnd));
  return { at: Math.min(maskEnd, offset + length), removed: 0, before: 0, after: 0 };
}

const readLength = async (source: ByteSource, at: number): Promise<number> =>
  new DataView((await readBytes(source, at, 4)).buffer).getUint32(0);
