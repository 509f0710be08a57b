import {
  finite,
  integer,
  list,
  matching,
  nullable,
  object,
  oneOf,
  optional,
  openOneOf,
  record,
  text,
  type FieldValues,
  type Infer,
} from './decode';
import { face } from './face';
import { bounds } from './geometry';
import type { Latents } from './latents';
import { operationId } from './operation';
import { maxSeed, parameterValue } from './parameter';
import { patchSpace } from './patchSpace';
import { blob, layerPixels, mask, pixels } from './payload';
import type { Mask, Raster } from './raster';
import { label } from './texts';

/** Chosen by the client at random, so that it can be named before the server has answered. */
export const jobId = matching(/^[A-Za-z0-9_-]{16,64}$/, '16 to 64 letters, digits, "-" or "_"');

/** What a job goes through, in order; 'working' is a newer peer's stage. */
export const stages = ['align', 'encode', 'decode', 'paste', 'working'] as const;
export type Stage = (typeof stages)[number];

const stage = openOneOf('working', ...stages);
const steps = integer(0, 1_000_000);
/** Counted from 1, largest first: for names. */
const faceNumber = nullable(integer(1, 10_000));

/** A piece of the layer as it is announced: its payloads follow. */
export const region = object({
  /** In the document's pixels, as the face is. */
  bounds,
  pixels,
  /** The face to work on; `null` when the whole region is the input (sketch, label map, other domains). */
  face: nullable(face),
  faceNumber,
  /** 255 where the picture is to be filled in, the size of `pixels`; `null` without a selection. */
  hole: nullable(mask),
  /** Saved or earlier W+ codes to start from instead of encoding the pixels, a .npy file; `null` encodes. */
  latents: nullable(blob),
});
export type RegionMessage = Infer<typeof region>;

/** A piece of the layer at full resolution. */
export interface Region extends Omit<RegionMessage, 'pixels' | 'hole' | 'latents'> {
  readonly pixels: Raster;
  readonly hole: Mask | null;
  readonly latents: Latents | null;
}

export const priorities = ['interactive', 'batch'] as const;
export type Priority = (typeof priorities)[number];

/** A job as it is announced: the payloads of its regions follow. */
export const jobMessage = object({
  job: jobId,
  operation: operationId,
  /** Name of an installed model; `null` takes the best that serves the operation. */
  model: nullable(label),
  parameters: record(parameterValue, 64),
  priority: oneOf(...priorities),
  regions: list(region, 1024),
});
export type JobMessage = Infer<typeof jobMessage>;

/** Everything an operation needs, as one serialisable value. */
export interface Job extends Omit<JobMessage, 'job' | 'priority' | 'regions'> {
  readonly regions: readonly Region[];
}

/** Steps of network work done and in all, over every face and variant. */
export const progressFields = { stage, done: steps, total: steps };
export type Progress = FieldValues<typeof progressFields>;

export const timing = object({ stage, milliseconds: finite });
export type Timing = Infer<typeof timing>;

/** A patch as it is announced: its payloads follow. */
export const patch = object({
  /** "Frontalize · face 2 · starter · seed 7": enough to repeat it. */
  name: text(400),
  space: patchSpace,
  bounds,
  pixels: layerPixels,
  mask,
  faceNumber,
  /** Counted from 1. */
  variant: integer(1, 10_000),
  seed: nullable(integer(0, maxSeed)),
  model: label,
  /** Cosine-like likeness to the source face, 0..1; `null` where the input is not a face. */
  identity: nullable(finite),
  /** Under this it may be placed again without a network, while the bridge keeps what it was drawn from. */
  placing: optional(text(64)),
});
export type PatchMessage = Infer<typeof patch>;

/** One new layer: straight-alpha pixels, a separate 8-bit mask of the same size, and where they go. */
export interface Patch extends Omit<PatchMessage, 'pixels' | 'mask'> {
  readonly pixels: Raster;
  readonly mask: Mask;
}
