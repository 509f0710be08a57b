import { object, optional, record, text, type Infer } from './decode';
import type { Latents } from './latents';
import { operationId } from './operation';
import { parameterValue } from './parameter';
import { blob } from './payload';
import type { Raster } from './raster';
import { label } from './texts';

/** An edit to be looked at before it is made: its codes, a .npy file, follow. */
export const previewMessage = object({
  operation: operationId,
  model: label,
  parameters: record(parameterValue, 64),
  /** As they were before any edit. */
  latents: blob,
  /** Of the patch that they were taken from (`patch.placing`): with it the picture is what the layer will show. */
  placing: optional(text(64)),
});
export type PreviewMessage = Infer<typeof previewMessage>;

export interface PreviewRequest extends Omit<PreviewMessage, 'latents'> {
  readonly latents: Latents;
}

export interface PreviewPicture {
  /** The aligned face, 256² at most, 8 bit: joined with the photograph where `placing` told it. */
  readonly pixels: Raster;
  /** Likeness to the photograph, or else to the same codes unedited, 0..1. */
  readonly identity: number;
}
