import type { ByteSink, ByteSource } from '../bytes';

/** Bytes that take the place of `removed` bytes at an offset of the source. */
export interface Splice {
  readonly at: number;
  readonly removed: number;
  readonly added: number;
  /** `added` bytes in all; chunks may be reused once they are written. */
  readonly chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
}

/** Large enough that a copy is as fast as the disk, small enough that two never matter. */
const COPY_BYTES = 4 * 1024 * 1024;

export const replaceBytes = (at: number, removed: number, bytes: Uint8Array): Splice => ({
  at,
  removed,
  added: bytes.length,
  chunks: [bytes],
});

/** How many bytes longer the result is than the source. */
export const growth = (splices: readonly Splice[]): number =>
  splices.reduce((total, { added, removed }) => total + added - removed, 0);

/** Writes the source with the splices applied; every byte outside them goes through as it is. */
export async function applySplices(
  source: ByteSource,
  splices: readonly Splice[],
  sink: ByteSink,
): Promise<void> {
  const copy = copier(source, sink);
  let position = 0;
  // The sort is stable: splices at one place stay in the order they were given in.
  for (const splice of [...splices].sort((a, b) => a.at - b.at)) {
    await copy(position, splice.at);
    for await (const chunk of splice.chunks) await sink.write(chunk);
    position = splice.at + splice.removed;
  }
  await copy(position, source.size);
}

/** Reads the next chunk while the last one is written. */
function copier(source: ByteSource, sink: ByteSink) {
  const buffers = [new Uint8Array(0), new Uint8Array(0)];
  return async (from: number, to: number): Promise<void> => {
    let writing: Promise<void> = Promise.resolve();
    for (let turn = 0, at = from; at < to; turn ^= 1) {
      const length = Math.min(COPY_BYTES, to - at);
      if (buffers[turn]!.length < length) buffers[turn] = new Uint8Array(length);
      const chunk = buffers[turn]!.subarray(0, length);
      try {
        await source.read(at, chunk);
      } finally {
        await writing;
      }
      writing = sink.write(chunk);
      // Awaited a turn later; a failure in between must not count as unhandled.
      writing.catch(() => undefined);
      at += length;
    }
    await writing;
  };
}
