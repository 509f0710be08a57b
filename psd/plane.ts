import { readBytes, type ByteSource, type Inflate } from './bytes';
import type { FileRange, PsdDocument } from './document';
import { damaged } from './errors';
import { packedLeast } from './packBits';

/** The compressions of the format, by their number. */
export const compression = { raw: 0, rle: 1, zip: 2, zipPrediction: 3 } as const;

/** Deflate cannot do better than 1032 : 1 (zlib technical details); more is a hostile length. */
const MAX_DEFLATE_RATIO = 1032;

export interface PlaneShape {
  readonly width: number;
  readonly height: number;
  readonly depth: 8 | 16 | 32;
}

/** One channel's samples in the file, checked to be able to hold what its shape claims. */
export type Plane = PlaneShape & { readonly what: string } & (
    | { readonly kind: 'raw'; readonly offset: number }
    | { readonly kind: 'rle'; readonly offset: number; readonly rowLengths: Uint32Array }
    | { readonly kind: 'zip'; readonly range: FileRange; readonly prediction: boolean }
  );

export const rowBytes = (shape: PlaneShape): number => (shape.width * shape.depth) / 8;

/** Opens a layer's channel: two bytes of compression, then its data. */
export async function openLayerPlane(
  source: ByteSource,
  channel: FileRange,
  shape: PlaneShape,
  large: boolean,
  what: string,
): Promise<Plane> {
  if (channel.length < 2) throw damaged(`${what} has no data`);
  const method = new DataView((await readBytes(source, channel.offset, 2)).buffer).getUint16(0);
  const range = { offset: channel.offset + 2, length: channel.length - 2 };
  const needed = rowBytes(shape) * shape.height;
  switch (method) {
    case compression.raw:
      requireBytes(range.length, needed, what);
      return { ...shape, what, kind: 'raw', offset: range.offset };
    case compression.rle: {
      const entry = large ? 4 : 2;
      const least = packedLeast(rowBytes(shape)) * shape.height;
      requireBytes(range.length, shape.height * entry + least, what);
      const rowLengths = await readRowLengths(source, range.offset, shape.height, large);
      const offset = range.offset + shape.height * entry;
      requireBytes(range.length - shape.height * entry, sum(rowLengths), what);
      return { ...shape, what, kind: 'rle', offset, rowLengths };
    }
    case compression.zip:
    case compression.zipPrediction:
      requireBytes(range.length * MAX_DEFLATE_RATIO, needed, what);
      return { ...shape, what, kind: 'zip', range, prediction: method === 3 };
    default:
      throw damaged(`${what} has the unknown compression ${method}`);
  }
}

/**
 * Opens every channel of the flattened preview. `null` where it is ZIP compressed: its channels
 * are one stream then, and no row of it can be reached without all before it.
 */
export async function openPreviewPlanes(
  source: ByteSource,
  document: PsdDocument,
): Promise<readonly Plane[] | null> {
  const { header, preview } = document;
  const what = 'the flattened preview';
  if (header.depth === 1) return null;
  const shape = { width: header.width, height: header.height, depth: header.depth };
  const method = new DataView((await readBytes(source, preview.offset, 2)).buffer).getUint16(0);
  const start = preview.offset + 2;
  const channels = Array.from({ length: header.channelCount }, (_, i) => i);
  if (method === compression.raw) {
    const bytes = rowBytes(shape) * shape.height;
    requireBytes(preview.length - 2, bytes * header.channelCount, what);
    return channels.map((i) => ({ ...shape, what, kind: 'raw', offset: start + i * bytes }));
  }
  if (method !== compression.rle) return null;
  const rows = header.height * header.channelCount;
  const tableBytes = rows * (header.large ? 4 : 2);
  requireBytes(preview.length - 2, tableBytes + rows * packedLeast(rowBytes(shape)), what);
  const lengths = await readRowLengths(source, start, rows, header.large);
  requireBytes(preview.length - 2 - tableBytes, sum(lengths), what);
  let offset = start + tableBytes;
  return channels.map((i) => {
    const rowLengths = lengths.subarray(i * header.height, (i + 1) * header.height);
    const plane = { ...shape, what, kind: 'rle', offset, rowLengths } as const;
    offset += sum(rowLengths);
    return plane;
  });
}

async function readRowLengths(
  source: ByteSource,
  offset: number,
  rows: number,
  large: boolean,
): Promise<Uint32Array> {
  const table = await readBytes(source, offset, rows * (large ? 4 : 2));
  const view = new DataView(table.buffer);
  return Uint32Array.from({ length: rows }, (_, row) =>
    large ? view.getUint32(row * 4) : view.getUint16(row * 2),
  );
}

function requireBytes(has: number, needs: number, what: string): void {
  if (has < needs) throw damaged(`${what} needs ${needs} bytes and has ${has}`);
}

export const sum = (values: Uint32Array): number =>
  values.reduce((total, value) => total + value, 0);

/** One batch of whole rows, top to bottom. `bytes` is used again for the next batch. */
export interface RowBatch {
  readonly firstRow: number;
  readonly rowCount: number;
  /** Big-endian samples, `rowCount` rows without gaps. */
  readonly bytes: Uint8Array;
}

export interface RowRange {
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
}

export interface Decompressors {
  /** Needed for ZIP compressed layers only (16 and 32 bit documents mostly). */
  readonly inflate?: Inflate;
}
