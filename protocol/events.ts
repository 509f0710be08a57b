import { finite, integer, nullable, object, optional, text, type Infer } from './decode';
import { errorShape } from './errorShape';
import { jobId, progressFields } from './job';
import { modelName } from './model';

/** Everything the server says unasked, declared once. */
export const events = {
  /**
   * The job waits; `place` jobs go before it. `waitsFor` is null where only they do, "fetch" where
   * finished results of this client must be fetched or forgotten first.
   */
  queued: object({ job: jobId, place: integer(0, 1_000_000), waitsFor: optional(text(40)) }),
  progress: object({
    job: jobId,
    ...progressFields,
    /** How much of the work is done, 0..1, by what earlier jobs of this kind cost; `null` without any. */
    share: optional(finite),
    /** Estimated from earlier jobs of this kind and the pace of this one; `null` while nothing is known. */
    remainingMs: nullable(finite),
    /** How many pictures of how far codes are fitted there have been: `glimpse` has the last; `null` for none. */
    glimpses: optional(integer(0, 1_000_000)),
  }),
  /** How far an import of this client is; `fraction` of the stage, 0..1. */
  importing: object({ name: modelName, stage: text(64), fraction: finite }),
  finished: object({ job: jobId }),
  failed: object({ job: jobId, error: errorShape }),
  /** Models were imported or removed: ask for the capabilities again. */
  'models-changed': object({}),
  /** The last message before the server closes the connection, and why. */
  goodbye: object({ error: errorShape }),
} as const;

export type EventName = keyof typeof events;
export type EventParams<E extends EventName> = Infer<(typeof events)[E]>;
export type ServerEvent = {
  readonly [E in EventName]: { readonly event: E; readonly params: EventParams<E> };
}[EventName];
