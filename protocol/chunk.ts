import { PspError } from './errors';
import { maxFrameBytes } from './limits';

/*
 * Payloads (pixels, masks, latents, checkpoints) travel as binary frames of their own. A text frame
 * announces the stream and its length first; then its chunks follow in order, each with this header
 * of four little-endian 32-bit numbers, so that no peer needs a text codec:
 *
 *   0  magic   0x4C505350, the bytes "PSPL"
 *   4  stream  the announced number
 *   8  offset  of this chunk's first byte in the payload
 *  12  total   the payload's length
 *
 * Chunks of several streams may interleave.
 */
export const chunkHeaderBytes = 16;
export const maxChunkBytes = maxFrameBytes - chunkHeaderBytes;
const magic = 0x4c505350;

export interface Chunk {
  readonly stream: number;
  readonly offset: number;
  readonly total: number;
  /** A view into the frame, not a copy. */
  readonly bytes: Uint8Array;
}

/** One frame of a payload: the header and up to `maxChunkBytes` from `offset` on. */
export function encodeChunk(
  stream: number,
  payload: Uint8Array,
  offset: number,
): Uint8Array<ArrayBuffer> {
  const bytes = payload.subarray(offset, offset + maxChunkBytes);
  const frame = new Uint8Array(chunkHeaderBytes + bytes.length);
  const header = new DataView(frame.buffer);
  header.setUint32(0, magic, true);
  header.setUint32(4, stream, true);
  header.setUint32(8, offset, true);
  header.setUint32(12, payload.length, true);
  frame.set(bytes, chunkHeaderBytes);
  return frame;
}

/** Every frame of a payload, made one at a time so that the sender can pace itself. */
export function* encodeChunks(
  stream: number,
  payload: Uint8Array,
): Generator<Uint8Array<ArrayBuffer>> {
  for (let offset = 0; offset < payload.length; offset += maxChunkBytes) {
    yield encodeChunk(stream, payload, offset);
  }
}

/** @throws PspError BAD_MESSAGE for a frame that no peer of ours can have sent. */
export function decodeChunk(frame: Uint8Array): Chunk {
  if (frame.length <= chunkHeaderBytes || frame.length > maxFrameBytes) {
    throw new PspError(
      'BAD_MESSAGE',
      `A binary frame has ${chunkHeaderBytes + 1} to ${maxFrameBytes} bytes, not ${frame.length}.`,
    );
  }
  const header = new DataView(frame.buffer, frame.byteOffset, chunkHeaderBytes);
  if (header.getUint32(0, true) !== magic) {
    throw new PspError('BAD_MESSAGE', 'A binary frame must begin with the bytes "PSPL".');
  }
  const chunk = {
    stream: header.getUint32(4, true),
    offset: header.getUint32(8, true),
    total: header.getUint32(12, true),
    bytes: frame.subarray(chunkHeaderBytes),
  };
  if (chunk.offset + chunk.bytes.length > chunk.total) {
    throw new PspError(
      'BAD_MESSAGE',
      `A chunk of ${chunk.bytes.length} bytes at ${chunk.offset} ends behind its payload of ${chunk.total}.`,
    );
  }
  return chunk;
}
