import { isPspError, toPspError, type ErrorCode, type PspError } from '../../../protocol/errors';
import type { Progress } from '../../../protocol/job';
import type { FileOutcome } from '../runFile';
import type { BatchItem } from './planItems';

export interface BatchFailure {
  readonly input: string;
  readonly code: ErrorCode;
  readonly reason: string;
}

export interface BatchResult {
  readonly done: readonly FileOutcome[];
  /** Finished by an earlier run. */
  readonly earlier: readonly string[];
  readonly failed: readonly BatchFailure[];
  /** Left when the batch was stopped. */
  readonly remaining: readonly string[];
}

export interface BatchState {
  readonly files: number;
  readonly finished: number;
  readonly faces: number;
  readonly millisecondsLeft: number | null;
  /** Steps of network work of the file that moved last. */
  readonly progress: Progress | null;
}

export interface BatchOptions {
  readonly jobs: number;
  readonly signal: AbortSignal;
  /** `null` for what an earlier run did. */
  readonly run: (item: BatchItem, onProgress: (p: Progress) => void) => Promise<FileOutcome | null>;
  readonly onState: (state: BatchState) => void;
}

/** Failures that every further file would meet too. */
const fatal: ReadonlySet<ErrorCode> = new Set([
  'MODEL_MISSING',
  'BAD_CHECKPOINT',
  // The inference server is away, or refused the key.
  'CONNECTION_LOST',
  'NOT_PAIRED',
]);

/**
 * Works through the files, `jobs` at a time: one is read or written while the networks run on another.
 * A file's failure is kept and the rest goes on.
 * @throws PspError only for what every file would fail with
 */
export async function runBatch(
  items: readonly BatchItem[],
  { jobs, signal, run, onState }: BatchOptions,
): Promise<BatchResult> {
  const done: FileOutcome[] = [];
  const earlier: string[] = [];
  const failed: BatchFailure[] = [];
  const queue = [...items];
  let stop: PspError | null = null;
  let faces = 0;
  const start = performance.now();

  const tell = (progress: Progress | null): void => {
    const worked = done.length + failed.length;
    const left = items.length - worked - earlier.length;
    const perFile = (performance.now() - start) / worked;
    onState({
      files: items.length,
      finished: worked + earlier.length,
      faces,
      millisecondsLeft: worked > 0 ? perFile * left : null,
      progress,
    });
  };

  async function work(item: BatchItem): Promise<void> {
    try {
      const outcome = await run(item, tell);
      if (outcome) done.push(outcome);
      else earlier.push(item.input);
      faces += outcome ? countFaces(outcome) : 0;
    } catch (error) {
      // The one place where a batch's failures become entries of its summary.
      const { code, message } = toPspError(error);
      if (code === 'CANCELLED' || signal.aborted) queue.unshift(item);
      else failed.push({ input: item.input, code, reason: message });
      if (isPspError(error) && fatal.has(code)) stop = error;
    }
  }

  async function worker(): Promise<void> {
    for (;;) {
      const item = signal.aborted || stop ? undefined : queue.shift();
      if (!item) return;
      await work(item);
      tell(null);
    }
  }

  tell(null);
  await Promise.all(Array.from({ length: jobs }, worker));
  if (stop) throw stop;
  return { done, earlier, failed, remaining: queue.map(({ input }) => input) };
}

const countFaces = ({ layers }: FileOutcome): number =>
  new Set(layers.filter(({ faceNumber }) => faceNumber !== null).map(faceKey)).size;

const faceKey = ({ above, faceNumber }: FileOutcome['layers'][number]): string =>
  `${faceNumber} ${above ?? ''}`;
