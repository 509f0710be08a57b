import { ByteWriter, readBytes, type ByteSource } from './bytes';
import type { ImageResource, PsdDocument } from './document';
import { resourceId } from './resources';
import { growth, replaceBytes, type Splice } from './splice';

/**
 * Image resources that count layer records would point at the wrong layers after an insertion:
 * linked layers would come apart, another layer would be selected. They move with the records.
 */
export async function indexTableSplices(
  source: ByteSource,
  document: PsdDocument,
  targetIndex: number,
  count: number,
): Promise<readonly Splice[]> {
  const splices: Splice[] = [];
  const total = document.layers.length;
  const { blocks, offset, length } = document.resources;
  const end = offset + length;
  for (const block of blocks) {
    if (block.id === resourceId.layerState && block.length >= 2) {
      const selected = new DataView((await readBytes(source, block.offset, 2)).buffer).getUint16(0);
      if (selected > targetIndex && selected < total) {
        const moved = new ByteWriter().uint16(selected + count).bytes();
        splices.push(replaceBytes(block.offset, 2, moved));
      }
    }
    if (block.id === resourceId.layerGroups && block.length === 2 * total) {
      splices.push(...growTable(block, end, 2 * (targetIndex + 1), new Uint8Array(2 * count)));
    }
    if (block.id === resourceId.layerGroupsEnabled && block.length === total) {
      splices.push(...growTable(block, end, targetIndex + 1, new Uint8Array(count).fill(1)));
    }
  }
  const grown = growth(splices);
  if (grown === 0) return splices;
  const sectionLength = new ByteWriter().uint32(length + grown).bytes();
  return [replaceBytes(offset - 4, 4, sectionLength), ...splices];
}

function growTable(
  block: ImageResource,
  sectionEnd: number,
  at: number,
  entries: Uint8Array,
): readonly Splice[] {
  const length = block.length + entries.length;
  const end = block.offset + block.length;
  // Resources are padded to even lengths, the last one perhaps not.
  const padding = Math.min(block.length % 2, sectionEnd - end);
  return [
    replaceBytes(block.offset - 4, 4, new ByteWriter().uint32(length).bytes()),
    replaceBytes(block.offset + at, 0, entries),
    replaceBytes(end, padding, new Uint8Array(length % 2)),
  ];
}
