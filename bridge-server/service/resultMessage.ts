import type { PatchMessage } from '../../protocol/job';
import { announceRaster, rasterPayload } from '../../protocol/payload';
import type { LayerPatch } from '../processor/job';
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
  const { pixels, mask, latents, source, ...said } = patch;
  const [pixelStream, maskStream] = [nextStream(), nextStream()];
  return {
    message: {
      ...said,
      pixels: announceRaster(pixels, pixelStream),
      mask: { stream: maskStream },
    },
    payloads: [
      { stream: pixelStream, bytes: rasterPayload(pixels), isStale },
      { stream: maskStream, bytes: mask.data, isStale },
    ],
  };
}
