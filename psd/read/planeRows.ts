import { readBytes, type ByteSource, type Inflate } from '../bytes';
import { damaged, isPsdError, PsdError } from '../errors';
import { unpackBits } from '../packBits';
import { rowBytes, type Decompressors, type Plane, type RowBatch, type RowRange } from '../plane';

/** Rows are read and decoded in batches of about this size. */
const BATCH_BYTES = 1024 * 1024;

/**
 * The plane's rows from `rows.from` to `rows.to`, decoded. Raw and RLE planes read only these rows
 * of the file; ZIP planes inflate everything before them too, as the stream demands.
 */
export function planeRows(
  source: ByteSource,
  plane: Plane,
  rows: RowRange,
  { inflate }: Decompressors,
): AsyncGenerator<RowBatch> {
  switch (plane.kind) {
    case 'raw':
      return rawRows(source, plane, rows);
    case 'rle':
      return packedRows(source, plane, rows);
    case 'zip':
      if (!inflate) {
        throw new PsdError(
          'UNSUPPORTED',
          `${plane.what} is ZIP compressed, which needs "inflate".`,
        );
      }
      return inflatedRows(source, plane, rows, inflate);
  }
}

type PlaneOf<K extends Plane['kind']> = Extract<Plane, { kind: K }>;

async function* rawRows(source: ByteSource, plane: PlaneOf<'raw'>, rows: RowRange) {
  const stride = rowBytes(plane);
  const perBatch = Math.max(1, Math.floor(BATCH_BYTES / stride));
  const buffer = new Uint8Array(Math.min(perBatch, rows.to - rows.from) * stride);
  for (let row = rows.from; row < rows.to; row += perBatch) {
    const rowCount = Math.min(perBatch, rows.to - row);
    const bytes = buffer.subarray(0, rowCount * stride);
    await source.read(plane.offset + row * stride, bytes);
    yield { firstRow: row, rowCount, bytes };
  }
}

async function* packedRows(source: ByteSource, plane: PlaneOf<'rle'>, rows: RowRange) {
  const stride = rowBytes(plane);
  const perBatch = Math.max(1, Math.floor(BATCH_BYTES / stride));
  const buffer = new Uint8Array(Math.min(perBatch, rows.to - rows.from) * stride);
  let offset = plane.offset;
  for (let row = 0; row < rows.from; row++) offset += plane.rowLengths[row]!;
  for (let row = rows.from; row < rows.to; row += perBatch) {
    const rowCount = Math.min(perBatch, rows.to - row);
    let packedBytes = 0;
    for (let i = 0; i < rowCount; i++) packedBytes += plane.rowLengths[row + i]!;
    const packed = await readBytes(source, offset, packedBytes);
    let start = 0;
    for (let i = 0; i < rowCount; i++) {
      const end = start + plane.rowLengths[row + i]!;
      if (!unpackBits(packed, start, end, buffer, i * stride, stride)) {
        throw damaged(`row ${row + i} of ${plane.what} is shorter than its width`);
      }
      start = end;
    }
    offset += packedBytes;
    yield { firstRow: row, rowCount, bytes: buffer.subarray(0, rowCount * stride) };
  }
}

async function* inflatedRows(
  source: ByteSource,
  plane: PlaneOf<'zip'>,
  rows: RowRange,
  inflate: Inflate,
) {
  const stride = rowBytes(plane);
  const row = new Uint8Array(stride);
  let filled = 0;
  let at = 0;
  try {
    for await (const chunk of inflate(fileChunks(source, plane))) {
      for (let used = 0; used < chunk.length && at < rows.to;) {
        const step = Math.min(stride - filled, chunk.length - used);
        row.set(chunk.subarray(used, used + step), filled);
        used += step;
        filled += step;
        if (filled < stride) break;
        filled = 0;
        const firstRow = at++;
        if (firstRow < rows.from) continue;
        const bytes = plane.prediction ? undoPrediction(row, plane) : row;
        yield { firstRow, rowCount: 1, bytes };
      }
      if (at >= rows.to) return;
    }
  } catch (cause) {
    // What the runtime's inflate throws has no type: all it can mean is a broken stream.
    throw isPsdError(cause) ? cause : damaged(`${plane.what} does not inflate`, cause);
  }
  throw damaged(`${plane.what} ends at row ${at} of ${plane.height}`);
}

async function* fileChunks(source: ByteSource, plane: PlaneOf<'zip'>) {
  const { offset, length } = plane.range;
  for (let done = 0; done < length; done += BATCH_BYTES) {
    yield await readBytes(source, offset + done, Math.min(BATCH_BYTES, length - done));
  }
}

/**
 * "ZIP with prediction" stores differences along the row: of bytes, of 16-bit samples, or, for
 * floats, of bytes after the four bytes of every sample were sorted into four runs.
 */
function undoPrediction(row: Uint8Array, plane: Plane): Uint8Array {
  if (plane.depth === 16) {
    let value = 0;
    for (let i = 0; i + 1 < row.length; i += 2) {
      value = (value + (row[i]! << 8) + row[i + 1]!) & 0xffff;
      row[i] = value >> 8;
      row[i + 1] = value & 0xff;
    }
    return row;
  }
  for (let i = 1; i < row.length; i++) row[i] = (row[i]! + row[i - 1]!) & 0xff;
  if (plane.depth === 8) return row;
  const samples = new Uint8Array(row.length);
  for (let x = 0; x < plane.width; x++) {
    for (let byte = 0; byte < 4; byte++) samples[x * 4 + byte] = row[byte * plane.width + x]!;
  }
  return samples;
}
