/**
 * The tag directories of a TIFF file (TIFF 6.0, and BigTIFF), or of an EXIF block, which is one. Pixels
 * are left to libvips; the tags say what its channels are.
 */

/** Reads some bytes; fewer where the file ends. */
export type ReadBytes = (offset: number, length: number) => Promise<Uint8Array>;

export interface TiffTag {
  readonly type: number;
  readonly count: number;
  /** The values as they are stored, in the file's byte order. */
  readonly bytes: Uint8Array;
  /** Where the values lie in the file. */
  readonly offset: number;
}

export interface TiffDirectory {
  readonly littleEndian: boolean;
  readonly tags: ReadonlyMap<number, TiffTag>;
}

/** More pages than anyone scans; keeps chains that lead in circles short. */
const maxDirectories = 1000;
/** No directory of a picture has more; damaged counts do. */
const maxTags = 4096;
/** Strip offsets of the largest pictures, and not the whole file. */
const maxValueBytes = 2 ** 24;

/** Bytes per value by type: BYTE, ASCII, SHORT, LONG, RATIONAL, …, IFD, LONG8, SLONG8, IFD8. */
const typeBytes: Readonly<Record<number, number>> = {
  ...{ 1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4 },
  ...{ 16: 8, 17: 8, 18: 8 },
};

interface Layout {
  readonly littleEndian: boolean;
  readonly big: boolean;
}

/** `null` for what is no TIFF, or is cut off. */
export async function readDirectories(read: ReadBytes): Promise<readonly TiffDirectory[] | null> {
  const head = await read(0, 16);
  const order = String.fromCharCode(...head.subarray(0, 2));
  if (head.length < 8 || (order !== 'II' && order !== 'MM')) return null;
  const littleEndian = order === 'II';
  const view = viewOf(head);
  const version = view.getUint16(2, littleEndian);
  if (version !== 42 && (version !== 43 || head.length < 16)) return null;
  const layout = { littleEndian, big: version === 43 };
  const directories: TiffDirectory[] = [];
  const seen = new Set<number>();
  let at = wordOf(view, layout.big ? 8 : 4, layout);
  while (at !== 0 && !seen.has(at) && directories.length < maxDirectories) {
    seen.add(at);
    const found = await readDirectory(read, at, layout);
    if (!found) return directories.length > 0 ? directories : null;
    directories.push(found.directory);
    at = found.next;
  }
  return directories;
}

/** A directory that a tag points to: EXIF's own, or GPS. */
export async function readDirectoryAt(
  read: ReadBytes,
  { littleEndian }: TiffDirectory,
  offset: number,
): Promise<TiffDirectory | null> {
  const head = await read(0, 4);
  const big = head.length === 4 && viewOf(head).getUint16(2, littleEndian) === 43;
  return (await readDirectory(read, offset, { littleEndian, big }))?.directory ?? null;
}

async function readDirectory(read: ReadBytes, at: number, layout: Layout) {
  const { littleEndian, big } = layout;
  const [countBytes, entryBytes, wordBytes] = big ? [8, 20, 8] : [2, 12, 4];
  const counted = await read(at, countBytes);
  if (counted.length < countBytes) return null;
  const countView = viewOf(counted);
  const count = big ? wordOf(countView, 0, layout) : countView.getUint16(0, littleEndian);
  if (count > maxTags) return null;
  const length = count * entryBytes + wordBytes;
  const table = await read(at + countBytes, length);
  if (table.length < length) return null;
  const view = viewOf(table);
  const tags = new Map<number, TiffTag>();
  for (let i = 0; i < count; i += 1) {
    const entry = i * entryBytes;
    const type = view.getUint16(entry + 2, littleEndian);
    const values = wordOf(view, entry + 4, layout);
    const size = values * (typeBytes[type] ?? 1);
    if (size > maxValueBytes) continue;
    const field = entry + 4 + wordBytes;
    const inside = size <= wordBytes;
    const offset = inside ? at + countBytes + field : wordOf(view, field, layout);
    const bytes = inside ? table.subarray(field, field + size) : await read(offset, size);
    if (bytes.length === size) {
      tags.set(view.getUint16(entry, littleEndian), { type, count: values, bytes, offset });
    }
  }
  const next = wordOf(view, count * entryBytes, layout);
  return { directory: { littleEndian, tags }, next };
}

/** A tag's whole numbers (BYTE, SHORT, LONG, LONG8); none where it is missing or holds others. */
export function numbersOf(directory: TiffDirectory, tag: number): readonly number[] {
  const found = directory.tags.get(tag);
  if (!found) return [];
  const { littleEndian } = directory;
  const view = viewOf(found.bytes);
  const width = typeBytes[found.type] ?? 1;
  return Array.from({ length: Math.floor(found.bytes.length / width) }, (_, i) => {
    switch (width) {
      case 1:
        return view.getUint8(i);
      case 2:
        return view.getUint16(i * 2, littleEndian);
      case 4:
        return view.getUint32(i * 4, littleEndian);
      default:
        return Number(view.getBigUint64(i * 8, littleEndian));
    }
  });
}

const wordOf = (view: DataView, at: number, { littleEndian, big }: Layout): number =>
  big ? Number(view.getBigUint64(at, littleEndian)) : view.getUint32(at, littleEndian);

const viewOf = ({ buffer, byteOffset, byteLength }: Uint8Array): DataView =>
  new DataView(buffer, byteOffset, byteLength);
