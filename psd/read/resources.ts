import { readAscii, type ByteReader } from './byteReader';
import type { ByteWriter } from '../bytes';
import type { ImageResource } from '../document';

/** Image resources that matter here; each layer-bound table has one entry per layer record. */
export const resourceId = {
  /** Pixels per inch, twice: 16.16, u16 unit, u16 unit of lengths. */
  resolution: 1005,
  /** u16: index of the layer that is selected. */
  layerState: 1024,
  /** u16 per layer record: which layers are linked. */
  layerGroups: 1026,
  /** IPTC-IIM records. */
  iptc: 1028,
  /** u8: 1 where the picture is protected. */
  copyrighted: 1034,
  iccProfile: 1039,
  /** u32 version, then u8: whether the flattened preview is real. */
  versionInfo: 1057,
  /** A TIFF block. */
  exif: 1058,
  xmp: 1060,
  /** u8 per layer record. */
  layerGroupsEnabled: 1072,
} as const;

/** Older writers signed their resources differently; the structure is the same. */
const signatures: ReadonlySet<string> = new Set(['8BIM', 'MeSa', 'AgHg', 'PHUT', 'DCSR']);

/**
 * Lists the resources up to the reader's end. Damage here ends the list and is no error: nothing
 * in the resources is needed for the layers, and every byte of them is kept.
 */
export async function readResources(reader: ByteReader): Promise<readonly ImageResource[]> {
  const blocks: ImageResource[] = [];
  while (reader.remaining >= 12) {
    const head = await reader.peek(7, 'an image resource');
    if (!signatures.has(readAscii(head, 0, 4))) break;
    const id = head.getUint16(4);
    // A Pascal string, padded so that length byte and text are even together.
    const nameBytes = 1 + head.getUint8(6);
    const before = 6 + nameBytes + (nameBytes % 2);
    if (reader.remaining < before + 4) break;
    const view = await reader.take(before + 4, 'an image resource');
    const length = view.getUint32(before);
    if (length > reader.remaining) break;
    blocks.push({ id, offset: reader.position, length });
    reader.position += Math.min(length + (length % 2), reader.remaining);
  }
  return blocks;
}

/** One block: padded to an even length. */
export function writeResource(writer: ByteWriter, id: number, content: Uint8Array): void {
  writer.ascii('8BIM').uint16(id).zeros(2).uint32(content.length).append(content);
  writer.zeros(content.length % 2);
}
