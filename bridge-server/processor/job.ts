import type { Patch, Timing } from '../../protocol/job';
import type { Latents } from '../../protocol/latents';

/** A patch and the W+ codes it was decoded from. */
export interface LayerPatch extends Patch {
  readonly latents: Latents;
  /** The codes before the operation edited them: what its sliders go on from. */
  readonly source: Latents;
}

export interface OperationResult {
  readonly patches: readonly LayerPatch[];
  readonly timings: readonly Timing[];
}
