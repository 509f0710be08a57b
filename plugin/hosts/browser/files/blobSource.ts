import type { ByteSource, Inflate } from '../../../../psd';

/** A file that stays on disk: only what is asked for is read. */
export function blobSource(blob: Blob): ByteSource {
  return {
    size: blob.size,
    async read(offset, into) {
      if (offset < 0 || offset + into.length > blob.size) {
        throw new RangeError(`Bytes ${offset} to ${offset + into.length} of ${blob.size}`);
      }
      into.set(new Uint8Array(await blob.slice(offset, offset + into.length).arrayBuffer()));
    },
  };
}

/** The browser's own inflate; `deflate` is what it calls a zlib stream. */
export const inflate: Inflate = async function* (chunks) {
  const iterator = chunks[Symbol.asyncIterator]();
  const source = new ReadableStream<BufferSource>({
    async pull(controller) {
      const { done, value } = await iterator.next();
      if (done) controller.close();
      else controller.enqueue(value.slice());
    },
  });
  const reader = source.pipeThrough(new DecompressionStream('deflate')).getReader();
  for (let read = await reader.read(); !read.done; read = await reader.read()) yield read.value;
};
