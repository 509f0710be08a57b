import { packBits, packedLimit } from '../packBits';
import { compression, type PlaneShape, rowBytes } from '../plane';
import { sampleWriter } from '../samples';

/** Fills one row's big-endian bytes. */
export type RowWriter = (row: number, into: Uint8Array) => void;

/** PackBits output is collected in chunks of at least this size. */
const CHUNK_BYTES = 1024 * 1024;

/** What the row table of a PSD file can say; wide rows of floats exceed it. */
export const MAX_PSD_ROW_BYTES = 0xffff;

export interface PackedRows {
  readonly lengths: Uint32Array;
  readonly chunks: readonly Uint8Array[];
  readonly byteLength: number;
}

export function packRows(shape: PlaneShape, writeRow: RowWriter): PackedRows {
  const stride = rowBytes(shape);
  const row = new Uint8Array(stride);
  const lengths = new Uint32Array(shape.height);
  const chunks: Uint8Array[] = [];
  const most = packedLimit(stride);
  let chunk = new Uint8Array(Math.max(most, Math.min(CHUNK_BYTES, most * shape.height)));
  let used = 0;
  let byteLength = 0;
  for (let y = 0; y < shape.height; y++) {
    if (used + most > chunk.length) {
      chunks.push(chunk.subarray(0, used));
      chunk = new Uint8Array(chunk.length);
      used = 0;
    }
    writeRow(y, row);
    const end = packBits(row, 0, stride, chunk, used);
    lengths[y] = end - used;
    byteLength += end - used;
    used = end;
  }
  chunks.push(chunk.subarray(0, used));
  return { lengths, chunks, byteLength };
}

/** The row table of PackBits data: 2 bytes a row in PSD, 4 in PSB. */
export function packedRowTable(lengths: Uint32Array, large: boolean): Uint8Array {
  const view = new DataView(new ArrayBuffer(lengths.length * (large ? 4 : 2)));
  lengths.forEach((length, row) =>
    large ? view.setUint32(row * 4, length) : view.setUint16(row * 2, length),
  );
  return new Uint8Array(view.buffer);
}

/** A channel's bytes, compression number included. */
export interface EncodedChannel {
  readonly byteLength: number;
  readonly chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
}

/**
 * The smaller of PackBits and raw: PackBits gains nothing on 16 and 32 bit pictures, and much on
 * their even alpha and masks.
 */
export function encodeChannel(
  shape: PlaneShape,
  large: boolean,
  writeRow: RowWriter,
): EncodedChannel {
  const rawLength = rowBytes(shape) * shape.height;
  const packed = packRows(shape, writeRow);
  const table = packedRowTable(packed.lengths, large);
  const fits = large || packed.lengths.every((length) => length <= MAX_PSD_ROW_BYTES);
  if (!fits || rawLength <= packed.byteLength + table.length) {
    return { byteLength: 2 + rawLength, chunks: rawChunks(shape, writeRow) };
  }
  const head = new Uint8Array([0, compression.rle]);
  return {
    byteLength: 2 + table.length + packed.byteLength,
    chunks: [head, table, ...packed.chunks],
  };
}

function* rawChunks(shape: PlaneShape, writeRow: RowWriter): Iterable<Uint8Array> {
  yield new Uint8Array([0, compression.raw]);
  const stride = rowBytes(shape);
  const perChunk = Math.max(1, Math.floor(CHUNK_BYTES / Math.max(1, stride)));
  for (let y = 0; y < shape.height; y += perChunk) {
    const rows = Math.min(perChunk, shape.height - y);
    const chunk = new Uint8Array(rows * stride);
    for (let i = 0; i < rows; i++) {
      writeRow(y + i, chunk.subarray(i * stride, (i + 1) * stride));
    }
    yield chunk;
  }
}

/** One component of interleaved samples, as rows; `scale` brings them to the document's depth. */
export function componentRows(
  shape: PlaneShape,
  samples: ArrayLike<number>,
  component: number,
  perPixel: number,
  scale = 1,
): RowWriter {
  const { width } = shape;
  if (shape.depth === 8) {
    return (row, into) => {
      let from = row * width * perPixel + component;
      for (let x = 0; x < width; x++, from += perPixel) into[x] = samples[from]!;
    };
  }
  const write = sampleWriter(shape.depth);
  return (row, into) => {
    const view = new DataView(into.buffer, into.byteOffset);
    let from = row * width * perPixel + component;
    for (let x = 0; x < width; x++, from += perPixel) write(view, x, samples[from]! * scale);
  };
}
