import type { Bounds } from '../../protocol/geometry';
import type { Face } from '../../protocol/face';
import type { ParameterValues } from '../../protocol/operation';
import type { PatchSpace } from '../../protocol/patchSpace';
import type { Mask, Raster } from '../../protocol/raster';

/** A piece of the layer at full resolution; `bounds` and `face` are in the document's pixels. */
export interface JobRegion {
  readonly bounds: Bounds;
  readonly pixels: Raster;
  /** The face to work on; `null` when the whole region is the input (sketch, label map, other domains). */
  readonly face: Face | null;
  /** Counted from 1, for names. */
  readonly faceNumber: number | null;
  /** 255 where the picture is to be filled in, the size of `pixels`; `null` without a selection. */
  readonly hole: Mask | null;
  /** Saved or earlier W+ codes to start from instead of encoding the pixels; `null` encodes. */
  readonly latents: Latents | null;
}

/** Everything an operation needs, as one serialisable value. */
export interface OperationJob {
  readonly operation: string;
  /** Name of an installed model; `null` takes the first that serves the operation. */
  readonly model: string | null;
  readonly parameters: ParameterValues;
  readonly regions: readonly JobRegion[];
}

/** W+ codes of one picture, row-major; `shape` is [nStyles, styleDim]. */
export interface Latents {
  readonly data: Float32Array;
  readonly shape: readonly [number, number];
}

export type { PatchSpace } from '../../protocol/patchSpace';

export interface Timing {
  readonly stage: Stage;
  readonly milliseconds: number;
}

export const stages = ['align', 'encode', 'decode', 'paste'] as const;
export type Stage = (typeof stages)[number];

/** One new layer: straight-alpha pixels, a separate 8-bit mask of the same size, and where they go. */
export interface LayerPatch {
  /** "Frontalize · face 2 · starter · seed 7": enough to repeat it. */
  readonly name: string;
  readonly space: PatchSpace;
  readonly bounds: Bounds;
  readonly pixels: Raster;
  readonly mask: Mask;
  readonly faceNumber: number | null;
  /** Counted from 1. */
  readonly variant: number;
  readonly seed: number | null;
  readonly model: string;
  /** Cosine-like likeness to the source face, 0..1; `null` where the input is not a face. */
  readonly identity: number | null;
  /** The W+ codes the patch was decoded from. */
  readonly latents: Latents;
}

export interface OperationProgress {
  readonly stage: Stage;
  /** Steps of network work done and in all, over every face and variant. */
  readonly done: number;
  readonly total: number;
}

export interface OperationResult {
  readonly patches: readonly LayerPatch[];
  readonly timings: readonly Timing[];
}
