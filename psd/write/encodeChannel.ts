import { packBits, packedLimit } from '../packBits';
import { compression, type PlaneShape, rowBytes, sum } from '../plane';
import { sampleWriter } from '../samples';

/** Fills one row's big-endian bytes. */
export type RowWriter = (row: number, into: Uint8Array) => void;

/** Packed rows are collected in chunks of this size. */
const CHUNK_BYTES = 1024 * 1024;

/** What the row table of a PSD file can say; wide rows of floats exceed it. */
export const MAX_PSD_ROW_BYTES = 0xffff;

/** The rows of a plane, each packed by itself: views of chunks that they share. */
export type PackedRows = readonly Uint8Array[];

/** @returns packs rows of the shape's width one after the other, about as many as it is high */
export function rowPacker(shape: PlaneShape): (row: Uint8Array) => Uint8Array {
  const most = packedLimit(rowBytes(shape));
  const chunkBytes = Math.max(most, Math.min(CHUNK_BYTES, most * shape.height));
  let chunk = new Uint8Array(0);
  let used = 0;
  return (row) => {
    if (used + most > chunk.length) {
      chunk = new Uint8Array(chunkBytes);
      used = 0;
    }
    const start = used;
    used = packBits(row, 0, row.length, chunk, used);
    return chunk.subarray(start, used);
  };
}

export function packRows(shape: PlaneShape, writeRow: RowWriter): PackedRows {
  const pack = rowPacker(shape);
  const row = new Uint8Array(rowBytes(shape));
  return Array.from({ length: shape.height }, (_, y) => {
    writeRow(y, row);
    return pack(row);
  });
}

export const rowLengths = (rows: PackedRows): Uint32Array =>
  Uint32Array.from(rows, ({ length }) => length);

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

export const encodeChannel = (
  shape: PlaneShape,
  large: boolean,
  writeRow: RowWriter,
): EncodedChannel => encodePacked(shape, large, packRows(shape, writeRow), writeRow);

/**
 * The smaller of PackBits and raw: PackBits gains nothing on 16 and 32 bit pictures, and much on
 * their even alpha and masks.
 * @param writeRow the same rows as they are
 */
export function encodePacked(
  shape: PlaneShape,
  large: boolean,
  packed: PackedRows,
  writeRow: RowWriter,
): EncodedChannel {
  const rawLength = rowBytes(shape) * shape.height;
  const lengths = rowLengths(packed);
  const table = packedRowTable(lengths, large);
  const packedLength = table.length + sum(lengths);
  const fits = large || lengths.every((length) => length <= MAX_PSD_ROW_BYTES);
  if (!fits || rawLength <= packedLength) {
    return { byteLength: 2 + rawLength, chunks: rawChunks(shape, writeRow) };
  }
  const head = new Uint8Array([0, compression.rle]);
  return { byteLength: 2 + packedLength, chunks: [head, table, ...packed] };
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
