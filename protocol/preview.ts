import { object, record, type Infer } from './decode';
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
});
export type PreviewMessage = Infer<typeof previewMessage>;

export interface PreviewRequest extends Omit<PreviewMessage, 'latents'> {
  readonly latents: Latents;
}

export interface PreviewPicture {
  /** The aligned face, 256² at most, 8 bit. */
  readonly pixels: Raster;
  /** Likeness to the same codes unedited, 0..1. */
  readonly identity: number;
}
