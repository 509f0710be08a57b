import {
  numbersOf,
  readDirectories,
  readDirectoryAt,
  type ReadBytes,
  type TiffDirectory,
  type TiffTag,
} from './readDirectories';
import { tag } from './tags';

/** What a TIFF says of itself in its first directory, as EXIF has it in other files. */
const described = [
  ...[tag.description, tag.make, tag.model, tag.software, tag.dateTime, tag.artist, tag.copyright],
];

/**
 * The EXIF of a TIFF file as a block of its own, which other formats carry. Maker notes are left out:
 * they point into the file they were written in.
 */
export async function exifOfTiff(
  read: ReadBytes,
  directory: TiffDirectory,
): Promise<Uint8Array | null> {
  const inside = async (pointer: number): Promise<Entries> => {
    const [offset] = numbersOf(directory, pointer);
    if (offset === undefined) return [];
    const found = await readDirectoryAt(read, directory, offset);
    return [...(found?.tags ?? [])].filter(([number]) => number !== tag.makerNote);
  };
  const own = [...directory.tags].filter(([number]) => described.includes(number as never));
  const [exif, gps] = [await inside(tag.exif), await inside(tag.gps)];
  if (own.length + exif.length + gps.length === 0) return null;
  return encode(own, exif, gps, directory.littleEndian);
}

type Entries = readonly (readonly [number, Pick<TiffTag, 'type' | 'count' | 'bytes'>])[];

function encode(own: Entries, exif: Entries, gps: Entries, littleEndian: boolean): Uint8Array {
  const pointer = (offset: number): Pick<TiffTag, 'type' | 'count' | 'bytes'> => {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setUint32(0, offset, littleEndian);
    return { type: 4, count: 1, bytes };
  };
  const first = (exifAt: number, gpsAt: number): Entries => [
    ...own,
    ...(exif.length > 0 ? [[tag.exif, pointer(exifAt)] as const] : []),
    ...(gps.length > 0 ? [[tag.gps, pointer(gpsAt)] as const] : []),
  ];
  const exifAt = 8 + directoryBytes(first(0, 0));
  const gpsAt = exifAt + directoryBytes(exif);
  const block = new Uint8Array(gpsAt + directoryBytes(gps));
  const view = new DataView(block.buffer);
  block.set(littleEndian ? [0x49, 0x49] : [0x4d, 0x4d]);
  view.setUint16(2, 42, littleEndian);
  view.setUint32(4, 8, littleEndian);
  write(block, 8, first(exifAt, gpsAt), littleEndian);
  if (exif.length > 0) write(block, exifAt, exif, littleEndian);
  if (gps.length > 0) write(block, gpsAt, gps, littleEndian);
  return block;
}

const outside = ({ bytes }: { readonly bytes: Uint8Array }): number =>
  bytes.length > 4 ? bytes.length + (bytes.length % 2) : 0;

const directoryBytes = (entries: Entries): number =>
  entries.length === 0
    ? 0
    : 6 + 12 * entries.length + entries.reduce((sum, [, value]) => sum + outside(value), 0);

function write(block: Uint8Array, at: number, entries: Entries, littleEndian: boolean): void {
  const view = new DataView(block.buffer);
  view.setUint16(at, entries.length, littleEndian);
  let free = at + 6 + 12 * entries.length;
  [...entries]
    .sort(([a], [b]) => a - b)
    .forEach(([number, { type, count, bytes }], i) => {
      const entry = at + 2 + 12 * i;
      view.setUint16(entry, number, littleEndian);
      view.setUint16(entry + 2, type, littleEndian);
      view.setUint32(entry + 4, count, littleEndian);
      if (bytes.length <= 4) {
        block.set(bytes, entry + 8);
        return;
      }
      view.setUint32(entry + 8, free, littleEndian);
      block.set(bytes, free);
      free += outside({ bytes });
    });
}

/** A copy that says upright: the pixels were turned when the picture was read. */
export async function uprightExif(exif: Uint8Array): Promise<Uint8Array> {
  const copy = exif.slice();
  const directories = await readDirectories(readMemory(copy));
  for (const { littleEndian, tags } of directories ?? []) {
    const found = tags.get(tag.orientation);
    if (!found) continue;
    // A SHORT; some writers make it a BYTE or a LONG.
    const upright = new Uint8Array(found.bytes.length);
    if (upright.length > 0) upright[littleEndian ? 0 : upright.length - 1] = 1;
    copy.set(upright, found.offset);
  }
  return copy;
}

export const readMemory =
  (bytes: Uint8Array): ReadBytes =>
  async (offset, length) =>
    bytes.subarray(offset, offset + length);
