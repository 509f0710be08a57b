import type { PspError } from '../../protocol/errors';
import type { Job, Priority } from '../../protocol/job';
import type { Raster } from '../../protocol/raster';
import type { OperationResult } from '../processor/job';
import type { Arrival } from './arrival';
import type { Waiting } from './queueOrder';

export type JobState =
  /** Its payloads are on their way. */
  | { readonly kind: 'receiving'; readonly abort: AbortController; readonly arrival: Arrival }
  | { readonly kind: 'waiting'; readonly work: Job }
  | {
      readonly kind: 'running';
      readonly abort: AbortController;
      /** How its codes look that are being fitted. */
      readonly glimpse: Raster | null;
    }
  | {
      readonly kind: 'finished';
      readonly result: OperationResult;
      readonly bytes: number;
      readonly workMs: number;
      /** Whether all of it has reached the client: then it may go when memory runs short. */
      readonly fetched: boolean;
    }
  | { readonly kind: 'failed'; readonly error: PspError };

/** `place` jobs go before it; `waitsFor` says what else must happen first. */
export interface Wait {
  readonly place: number;
  readonly waitsFor: 'fetch' | null;
}

export interface KnownJob extends Waiting {
  readonly id: string;
  readonly priority: Priority;
  /** Of its payloads. */
  readonly bytes: number;
  state: JobState;
  /** What was last told to the client of its wait. */
  told: Wait | null;
  /** When it ended; a result is kept for a while from then on. */
  endedAt: number;
}

/** What a finished result holds in memory. */
export function resultBytes(result: OperationResult): number {
  return result.patches.reduce(
    (sum, { pixels, mask, latents }) =>
      sum + pixels.data.byteLength + mask.data.byteLength + latents.data.byteLength,
    0,
  );
}
