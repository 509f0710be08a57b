import type { Patch, Timing } from '../../protocol/job';
import type { Latents } from '../../protocol/latents';

/** A patch and the W+ codes it was decoded from. */
export interface LayerPatch extends Patch {
  readonly latents: Latents;
}

export interface OperationResult {
  readonly patches: readonly LayerPatch[];
  readonly timings: readonly Timing[];
}
