import type { Latents } from '../../protocol/latents';
import { createHash } from 'node:crypto';
import { createRecentlyUsed, type RecentlyUsed } from './recentlyUsed';

/** W+ codes by what they were encoded from, so that strength, mixing and further variants cost no encoding. */
export type LatentCache = RecentlyUsed<Latents>;

/** 36 KB a face at 1024 pixels: a working day's faces fit. */
const defaultMaxBytes = 32 * 2 ** 20;

/** Keeps the most recently used codes within `maxBytes`. */
export const createLatentCache = (maxBytes = defaultMaxBytes): LatentCache =>
  createRecentlyUsed(maxBytes, ({ data }) => data.byteLength);

/** The key of an encoding: the encoder by the hash of its file, and the exact input. */
export function latentKey(encoderSha256: string, input: Float32Array): string {
  return createHash('sha256')
    .update(encoderSha256)
    .update(new Uint8Array(input.buffer, input.byteOffset, input.byteLength))
    .digest('hex');
}
