import type { PatchMessage } from '../../protocol/job';
import { encodeLayer } from '../../protocol/payload';
import type { LayerPatch } from '../processor/job';
import type { Payload, Peer } from '../transport/service';

export interface SentPatch {
  readonly message: PatchMessage;
  readonly payloads: readonly Payload[];
}

/** A patch as it travels: what is said of it, and its pixels and mask under streams of their own. */
export function sendPatch(patch: LayerPatch, peer: Peer, isStale: () => boolean): SentPatch {
  const { latents, source, ...said } = patch;
  const { pixels, mask } = encodeLayer(patch, peer);
  return {
    message: {
      ...said,
      pixels: pixels.header,
      mask: mask.header,
    },
    payloads: [
      { ...pixels.payload, isStale },
      { ...mask.payload, isStale },
    ],
  };
}
