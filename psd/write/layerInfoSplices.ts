import { ByteWriter, readBytes, type ByteSource } from '../bytes';
import type { LayerInfo, PsdDocument, PsdLayer } from '../document';
import type { PlacedInsertion } from './insertion';
import { channelChunks } from './layerList';
import { growth, replaceBytes, type Splice } from './splice';

/** New records and channels among those that are there, and every length around them. */
export async function layerInfoSplices(
  source: ByteSource,
  document: PsdDocument,
  info: LayerInfo,
  placed: readonly PlacedInsertion[],
): Promise<readonly Splice[]> {
  const { content } = info;
  const additions = placed.flatMap(({ target, encoded }): readonly Splice[] => [
    replaceBytes(recordsEndOf(info, target), 0, encoded.records),
    {
      at: channelsEndOf(document, info, target),
      removed: 0,
      added: encoded.channelBytes,
      chunks: channelChunks([encoded]),
    },
  ]);
  const padding = await paddingSplice(source, info, growth(additions));
  const grown = growth([...additions, padding]);
  const added = placed.reduce((count, { encoded }) => count + encoded.count, 0);
  const count = (document.layers.length + added) * (info.mergedTransparency ? -1 : 1);
  return [
    sectionLengthSplice(document, grown),
    lengthSplice(info.lengthOffset, info.lengthBytes, content.length + grown),
    replaceBytes(content.offset, 2, new ByteWriter().int16(count).bytes()),
    ...additions,
    padding,
  ];
}

export function sectionLengthSplice(document: PsdDocument, grown: number): Splice {
  const bytes = document.header.large ? 8 : 4;
  const { offset, length } = document.layerSection;
  return lengthSplice(offset - bytes, bytes, length + grown);
}

const lengthSplice = (at: number, bytes: 4 | 8, length: number): Splice =>
  replaceBytes(at, bytes, new ByteWriter().size(length, bytes === 8).bytes());

const recordsEndOf = (info: LayerInfo, target: PsdLayer | null): number =>
  target ? target.record.offset + target.record.length : info.channelsOffset;

/** Channels lie in the order of the records. */
function channelsEndOf({ layers }: PsdDocument, info: LayerInfo, target: PsdLayer | null): number {
  for (let index = target?.index ?? -1; index >= 0; index--) {
    const last = layers[index]?.channels.at(-1);
    if (last) return last.offset + last.length;
  }
  return info.channelsOffset;
}

/** Keeps the layer info's alignment to four bytes, whatever it was, with 0 to 3 zeros at its end. */
async function paddingSplice(
  source: ByteSource,
  { channelsEnd, content }: LayerInfo,
  inserted: number,
): Promise<Splice> {
  const end = content.offset + content.length;
  const missing = (4 - (inserted % 4)) % 4;
  const surplus = 4 - missing;
  const present = end - channelsEnd;
  if (missing > 0 && present < 4 && present >= surplus) {
    const padding = await readBytes(source, channelsEnd, present);
    if (padding.every((byte) => byte === 0)) {
      return replaceBytes(end - surplus, surplus, new Uint8Array(0));
    }
  }
  return replaceBytes(end, 0, new Uint8Array(missing));
}
