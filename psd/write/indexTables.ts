import { ByteWriter, readBytes, type ByteSource } from '../bytes';
import type { ImageResource, PsdDocument } from '../document';
import type { PlacedInsertion } from './insertion';
import { resourceId } from '../read/resources';
import { growth, replaceBytes, type Splice } from './splice';

/**
 * Image resources that count layer records would point at the wrong layers after an insertion:
 * linked layers would come apart, another layer would be selected. They move with the records.
 */
export async function indexTableSplices(
  source: ByteSource,
  document: PsdDocument,
  placed: readonly PlacedInsertion[],
): Promise<readonly Splice[]> {
  const splices: Splice[] = [];
  const total = document.layers.length;
  if (total === 0) return [];
  const { blocks, offset, length } = document.resources;
  const end = offset + length;
  for (const block of blocks) {
    if (block.id === resourceId.layerState && block.length >= 2) {
      const selected = new DataView((await readBytes(source, block.offset, 2)).buffer).getUint16(0);
      const moved = selected + countBelow(placed, selected);
      if (selected < total && moved !== selected) {
        splices.push(replaceBytes(block.offset, 2, new ByteWriter().uint16(moved).bytes()));
      }
    }
    if (block.id === resourceId.layerGroups && block.length === 2 * total) {
      splices.push(...growTable(block, end, placed, 2, 0));
    }
    if (block.id === resourceId.layerGroupsEnabled && block.length === total) {
      splices.push(...growTable(block, end, placed, 1, 1));
    }
  }
  return splices;
}

/** How many new records lie below the record `index`. */
const countBelow = (placed: readonly PlacedInsertion[], index: number): number =>
  placed.reduce(
    (sum, { target, encoded }) => sum + (target && target.index < index ? encoded.count : 0),
    0,
  );

function growTable(
  block: ImageResource,
  sectionEnd: number,
  placed: readonly PlacedInsertion[],
  entryBytes: number,
  fill: number,
): readonly Splice[] {
  const entries = placed.map(({ target, encoded }) => {
    const at = block.offset + entryBytes * ((target?.index ?? -1) + 1);
    return replaceBytes(at, 0, new Uint8Array(entryBytes * encoded.count).fill(fill));
  });
  const length = block.length + growth(entries);
  const end = block.offset + block.length;
  // Resources are padded to even lengths, the last one perhaps not.
  const padding = Math.min(block.length % 2, sectionEnd - end);
  return [
    replaceBytes(block.offset - 4, 4, new ByteWriter().uint32(length).bytes()),
    ...entries,
    replaceBytes(end, padding, new Uint8Array(length % 2)),
  ];
}
