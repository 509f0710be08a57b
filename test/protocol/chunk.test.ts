import fc from 'fast-check';
import {
  chunkHeaderBytes,
  decodeChunk,
  encodeChunk,
  encodeChunks,
  maxChunkBytes,
} from '../../protocol/chunk';
import { maxFrameBytes } from '../../protocol/limits';

test('a payload comes back whole from its frames, none over a mebibyte', () => {
  const payload = Uint8Array.from({ length: 2 * maxChunkBytes + 5 }, (_, i) => (i * 7) % 251);
  const frames = [...encodeChunks(9, payload)];
  const back = new Uint8Array(payload.length);
  for (const frame of frames) {
    expect(frame.length).toBeLessThanOrEqual(maxFrameBytes);
    const chunk = decodeChunk(frame);
    expect([chunk.stream, chunk.total]).toEqual([9, payload.length]);
    back.set(chunk.bytes, chunk.offset);
  }
  expect(frames).toHaveLength(3);
  expect(Buffer.compare(back, payload)).toBe(0);
});

test('the header is what the document says, byte by byte', () => {
  const frame = encodeChunk(0x01020304, Uint8Array.of(10, 11, 12), 1);
  expect([...frame]).toEqual([
    0x50, 0x53, 0x50, 0x4c, 0x04, 0x03, 0x02, 0x01, 1, 0, 0, 0, 3, 0, 0, 0, 11, 12,
  ]);
});

test('any bytes are either a chunk within its payload or refused as BAD_MESSAGE', () => {
  const header = fc.tuple(fc.boolean(), fc.uint8Array({ maxLength: 64 })).map(([valid, bytes]) => {
    if (valid) bytes.set([0x50, 0x53, 0x50, 0x4c].slice(0, bytes.length));
    return bytes;
  });
  fc.assert(
    fc.property(header, (frame) => {
      try {
        const chunk = decodeChunk(frame);
        return chunk.offset + chunk.bytes.length <= chunk.total && chunk.bytes.length > 0;
      } catch (error) {
        return (error as { code?: string }).code === 'BAD_MESSAGE';
      }
    }),
    { numRuns: 1000 },
  );
});

test('an empty chunk is refused', () => {
  expect(() => decodeChunk(new Uint8Array(chunkHeaderBytes))).toThrow(
    /17 to 1048576 bytes, not 16/,
  );
});
