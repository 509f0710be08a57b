import { util } from 'protobufjs';
import { ConvertError } from '../errors';
import { readExactly, viewOf, type ByteSource } from '../runtime';

/** One stored file of an archive; `offset` and `size` are bytes of the archive itself. */
export interface ZipEntry {
  readonly name: string;
  readonly offset: number;
  readonly size: number;
  readonly crc32: number;
}

/** A zip comment has 16 bits of length, and the end record is 22 bytes. */
const MAX_END_SEARCH = 0xffff + 22;
/** The official checkpoints have about 1,100 entries. */
const MAX_ENTRIES = 20_000;
/** Some 100 bytes an entry. */
const MAX_DIRECTORY_BYTES = 16 * 2 ** 20;

const END = 0x06054b50;
const ZIP64_END = 0x06064b50;
const ZIP64_LOCATOR = 0x07064b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const UNKNOWN_16 = 0xffff;
const UNKNOWN_32 = 0xffffffff;
const ZIP64_EXTRA = 1;

/**
 * Reads the directory of a zip as torch writes it: stored entries, zip64 where needed, sizes in data
 * descriptors (so only the central directory is believed). Format: PKWARE APPNOTE 6.3.10, 4.3.
 * @throws ConvertError TRUNCATED, CORRUPT or UNSUPPORTED.
 */
export async function readZipDirectory(source: ByteSource): Promise<readonly ZipEntry[]> {
  const directory = await locateDirectory(source);
  if (directory.count > MAX_ENTRIES || directory.size > MAX_DIRECTORY_BYTES) {
    throw new ConvertError(
      'HOSTILE',
      `${source.name} announces ${directory.count} entries in ${directory.size} bytes; at most ` +
        `${MAX_ENTRIES} in ${MAX_DIRECTORY_BYTES} are accepted.`,
    );
  }
  const bytes = await readExactly(source, directory.offset, directory.size, 'the zip directory');
  const entries: ZipEntry[] = [];
  for (let at = 0, i = 0; i < directory.count; i++) {
    const record = readCentralRecord(source, bytes, at);
    entries.push(await resolveEntry(source, record));
    at = record.end;
  }
  refuseOverlaps(source, entries);
  return entries;
}

interface Directory {
  readonly offset: number;
  readonly size: number;
  readonly count: number;
}

async function locateDirectory(source: ByteSource): Promise<Directory> {
  const length = Math.min(source.size, MAX_END_SEARCH);
  const start = source.size - length;
  const view = viewOf(await readExactly(source, start, length, 'the end of the zip'));
  for (let at = length - 22; at >= 0; at--) {
    if (view.getUint32(at, true) !== END) continue;
    const directory = {
      count: view.getUint16(at + 10, true),
      size: view.getUint32(at + 12, true),
      offset: view.getUint32(at + 16, true),
    };
    const zip64 =
      directory.count === UNKNOWN_16 ||
      directory.size === UNKNOWN_32 ||
      directory.offset === UNKNOWN_32;
    return zip64 ? readZip64Directory(source, start + at - 20) : directory;
  }
  throw new ConvertError(
    'TRUNCATED',
    `${source.name} begins like a zip but its directory, at the end, is missing: the file is cut ` +
      'short. Download it again.',
  );
}

async function readZip64Directory(source: ByteSource, locatorAt: number): Promise<Directory> {
  if (locatorAt < 0) throw corrupt(source, 'its zip64 locator is missing');
  const locator = viewOf(await readExactly(source, locatorAt, 20, 'the zip64 locator'));
  if (locator.getUint32(0, true) !== ZIP64_LOCATOR) {
    throw corrupt(source, 'its zip64 locator is missing');
  }
  const recordAt = readSafeInteger(source, locator, 8);
  const record = viewOf(await readExactly(source, recordAt, 56, 'the zip64 end record'));
  if (record.getUint32(0, true) !== ZIP64_END) {
    throw corrupt(source, 'its zip64 end record is missing');
  }
  return {
    count: readSafeInteger(source, record, 32),
    size: readSafeInteger(source, record, 40),
    offset: readSafeInteger(source, record, 48),
  };
}

interface CentralRecord {
  readonly name: string;
  readonly size: number;
  readonly crc32: number;
  readonly headerAt: number;
  /** Where the next record begins. */
  readonly end: number;
}

function readCentralRecord(source: ByteSource, bytes: Uint8Array, at: number): CentralRecord {
  const view = viewOf(bytes);
  if (at + 46 > bytes.length || view.getUint32(at, true) !== CENTRAL) {
    throw corrupt(source, `its zip directory breaks off at entry byte ${at}`);
  }
  const nameEnd = at + 46 + view.getUint16(at + 28, true);
  const extraEnd = nameEnd + view.getUint16(at + 30, true);
  const end = extraEnd + view.getUint16(at + 32, true);
  if (end > bytes.length) throw corrupt(source, `its zip directory breaks off at byte ${at}`);
  const name = util.utf8.read(bytes, at + 46, nameEnd);
  if ((view.getUint16(at + 8, true) & 1) !== 0) {
    throw new ConvertError('UNSUPPORTED', `${source.name}: "${name}" in it is encrypted.`);
  }
  if (view.getUint16(at + 10, true) !== 0) {
    throw new ConvertError(
      'UNSUPPORTED',
      `${source.name}: "${name}" in it is compressed, which torch.save never does. Use the file ` +
        'as its authors published it.',
    );
  }
  const stored = view.getUint32(at + 20, true);
  const sizes = [view.getUint32(at + 24, true), stored, view.getUint32(at + 42, true)] as const;
  const [size, storedSize, headerAt] = widen(source, view, sizes, nameEnd, extraEnd);
  if (size !== storedSize) throw corrupt(source, `"${name}" in it has two sizes`);
  return { name, size, headerAt, crc32: view.getUint32(at + 16, true), end };
}

/** Replaces the 32-bit fields that are all ones by their zip64 values, which come in this order. */
function widen(
  source: ByteSource,
  view: DataView,
  narrow: readonly [number, number, number],
  from: number,
  to: number,
): [number, number, number] {
  const wide: [number, number, number] = [...narrow];
  if (!narrow.includes(UNKNOWN_32)) return wide;
  for (let at = from; at + 4 <= to; at += 4 + view.getUint16(at + 2, true)) {
    if (view.getUint16(at, true) !== ZIP64_EXTRA) continue;
    const end = Math.min(to, at + 4 + view.getUint16(at + 2, true));
    let field = at + 4;
    for (const [index, value] of narrow.entries()) {
      if (value !== UNKNOWN_32) continue;
      if (field + 8 > end) throw corrupt(source, 'a zip64 field in it is cut short');
      wide[index] = readSafeInteger(source, view, field);
      field += 8;
    }
    return wide;
  }
  throw corrupt(source, 'a zip64 field in it is missing');
}

/** The local header repeats the name and pads with an extra field of its own: only it tells where the bytes are. */
async function resolveEntry(source: ByteSource, record: CentralRecord): Promise<ZipEntry> {
  const { name, size, crc32, headerAt } = record;
  const header = viewOf(await readExactly(source, headerAt, 30, `the header of "${name}"`));
  if (header.getUint32(0, true) !== LOCAL) {
    throw corrupt(source, `"${name}" in it does not begin where the directory says`);
  }
  const offset = headerAt + 30 + header.getUint16(26, true) + header.getUint16(28, true);
  if (offset + size > source.size) {
    throw new ConvertError(
      'TRUNCATED',
      `${source.name} is cut short: "${name}" in it ends at byte ${offset + size}, the file at ` +
        `${source.size}. Download it again.`,
    );
  }
  return { name, size, crc32, offset };
}

/** Overlapping entries are how a small file pretends to hold a huge one. */
function refuseOverlaps(source: ByteSource, entries: readonly ZipEntry[]): void {
  let previous: ZipEntry | undefined;
  for (const entry of [...entries].sort((a, b) => a.offset - b.offset)) {
    if (previous && previous.offset + previous.size > entry.offset) {
      throw new ConvertError(
        'HOSTILE',
        `${source.name}: "${previous.name}" and "${entry.name}" in it share bytes, as in a zip bomb.`,
      );
    }
    previous = entry;
  }
}

function readSafeInteger(source: ByteSource, view: DataView, at: number): number {
  const value = view.getBigUint64(at, true);
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw corrupt(source, `it has a size of ${value}`);
  return Number(value);
}

const corrupt = (source: ByteSource, problem: string): ConvertError =>
  new ConvertError('CORRUPT', `${source.name} is damaged: ${problem}. Download it again.`);
