import type { Latents } from '../../protocol/latents';
import { createHash } from 'node:crypto';

/** W+ codes by what they were encoded from, so that strength, mixing and further variants cost no encoding. */
export interface LatentCache {
  get(key: string): Latents | undefined;
  set(key: string, latents: Latents): void;
}

/** 36 KB a face at 1024 pixels: a working day's faces fit. */
const defaultMaxBytes = 32 * 2 ** 20;

/** Keeps the most recently used codes within `maxBytes`. */
export function createLatentCache(maxBytes = defaultMaxBytes): LatentCache {
  const entries = new Map<string, Latents>();
  let bytes = 0;
  return {
    get(key) {
      const found = entries.get(key);
      if (found) {
        entries.delete(key);
        entries.set(key, found);
      }
      return found;
    },
    set(key, latents) {
      const previous = entries.get(key);
      if (previous) bytes -= previous.data.byteLength;
      entries.delete(key);
      entries.set(key, latents);
      bytes += latents.data.byteLength;
      for (const [oldest, entry] of entries) {
        if (bytes <= maxBytes) break;
        entries.delete(oldest);
        bytes -= entry.data.byteLength;
      }
    },
  };
}

/** The key of an encoding: the encoder by the hash of its file, and the exact input. */
export function latentKey(encoderSha256: string, input: Float32Array): string {
  return createHash('sha256')
    .update(encoderSha256)
    .update(new Uint8Array(input.buffer, input.byteOffset, input.byteLength))
    .digest('hex');
}
