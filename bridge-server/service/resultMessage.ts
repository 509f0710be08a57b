import type { PatchMessage } from '../../protocol/methods';
import { rasterDepth } from '../../protocol/raster';
import type { LayerPatch } from '../operations/job';
import type { Payload } from '../transport/service';

export interface SentPatch {
  readonly message: PatchMessage;
  readonly payloads: readonly Payload[];
}

/** A patch as it travels: what is said of it, and its pixels and mask under streams of their own. */
export function sendPatch(
  patch: LayerPatch,
  nextStream: () => number,
  isStale: () => boolean,
): SentPatch {
  const { name, space, bounds, pixels, mask, faceNumber, variant, seed, model, identity } = patch;
  const { width, height, data } = pixels;
  const depth = rasterDepth(pixels);
  const [pixelStream, maskStream] = [nextStream(), nextStream()];
  return {
    message: {
      name,
      space,
      bounds,
      pixels: { width, height, depth, stream: pixelStream },
      mask: { stream: maskStream },
      faceNumber,
      variant,
      seed,
      model,
      identity,
    },
    payloads: [
      { stream: pixelStream, bytes: bytesOf(data), isStale },
      { stream: maskStream, bytes: mask.data, isStale },
    ],
  };
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Uint8Array | Uint16Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);
