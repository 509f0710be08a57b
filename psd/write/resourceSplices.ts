import { ByteWriter, readBytes, type ByteSource } from '../bytes';
import type { PsdDocument } from '../document';
import { indexTableSplices } from './indexTables';
import type { PlacedInsertion } from './insertion';
import { noteMadeLayers, type MadeLayer } from './madeWith';
import { resourceId, writeResource } from '../read/resources';
import { growth, replaceBytes, type Splice } from './splice';

/** All that new layers change in the image resources, and the section's length. */
export async function resourceSplices(
  source: ByteSource,
  document: PsdDocument,
  placed: readonly PlacedInsertion[],
  made: readonly MadeLayer[],
): Promise<readonly Splice[]> {
  const splices = [
    ...(await indexTableSplices(source, document, placed)),
    ...(await noteSplices(source, document, made)),
  ];
  const grown = growth(splices);
  if (grown === 0) return splices;
  const { offset, length } = document.resources;
  const sectionLength = new ByteWriter().uint32(length + grown).bytes();
  return [replaceBytes(offset - 4, 4, sectionLength), ...splices];
}

/** The document's XMP with a note on the layers; first of the resources where it has none yet. */
async function noteSplices(
  source: ByteSource,
  { resources }: PsdDocument,
  made: readonly MadeLayer[],
): Promise<readonly Splice[]> {
  if (made.length === 0) return [];
  const block = resources.blocks.find(({ id }) => id === resourceId.xmp);
  if (!block) {
    const writer = new ByteWriter();
    writeResource(writer, resourceId.xmp, noteMadeLayers(null, made)!);
    return [replaceBytes(resources.offset, 0, writer.bytes())];
  }
  const noted = noteMadeLayers(await readBytes(source, block.offset, block.length), made)!;
  const end = block.offset + block.length;
  // Resources are padded to even lengths, the last one perhaps not.
  const padding = Math.min(block.length % 2, resources.offset + resources.length - end);
  return [
    replaceBytes(block.offset - 4, 4, new ByteWriter().uint32(noted.length).bytes()),
    replaceBytes(block.offset, block.length, noted),
    replaceBytes(end, padding, new Uint8Array(noted.length % 2)),
  ];
}
