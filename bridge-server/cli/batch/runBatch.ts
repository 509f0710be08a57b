import { isPspError, toPspError, type ErrorCode, type PspError } from '../../../protocol/errors';
import { isDiskFull } from '../../documents/resultFolder';
import type { Progress } from '../../../protocol/job';
import type { FileOutcome } from '../runFile';
import type { BatchItem } from './planItems';

/** How one file's work ended. */
export type Ended =
  | { readonly state: 'done'; readonly outcome: FileOutcome }
  /** By an earlier run, whose result is here. */
  | { readonly state: 'earlier'; readonly files: readonly string[] }
  | { readonly state: 'failed'; readonly error: PspError };

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
  readonly run: (
    item: BatchItem,
    onProgress: (progress: Progress) => void,
  ) => Promise<Exclude<Ended, { state: 'failed' }>>;
  readonly onState: (state: BatchState) => void;
  /** Waited for before the next file. */
  readonly onEnd: (item: BatchItem, ended: Ended, seconds: number) => Promise<void>;
}

/** Failures that every further file would meet too. */
const fatal: ReadonlySet<ErrorCode> = new Set([
  'MODEL_MISSING',
  'BAD_CHECKPOINT',
  // The inference server is away, refused the key, or stays full.
  'CONNECTION_LOST',
  'NOT_PAIRED',
  'BUSY',
]);

/**
 * Works through the files, `jobs` at a time: one is read or written while the networks run on another.
 * A file's failure is kept and the rest goes on; what every file would fail with ends the run, and
 * leaves that file and the rest for the next.
 */
export async function runBatch(
  items: readonly BatchItem[],
  { jobs, signal, run, onState, onEnd }: BatchOptions,
): Promise<{ readonly result: BatchResult; readonly stopped: PspError | null }> {
  const done: FileOutcome[] = [];
  const earlier: string[] = [];
  const failed: BatchFailure[] = [];
  const queue = [...items];
  let stopped: PspError | null = null;
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

  /** `null`: it is left for another run. */
  async function work(item: BatchItem): Promise<Ended | null> {
    try {
      return await run(item, tell);
    } catch (thrown) {
      // The one place where a batch's failures become entries of its summary.
      const error = toPspError(thrown);
      if (isPspError(thrown) && (fatal.has(error.code) || isDiskFull(error))) stopped = error;
      else if (!signal.aborted) return { state: 'failed', error };
      return null;
    }
  }

  function count(item: BatchItem, ended: Ended): void {
    if (ended.state === 'earlier') earlier.push(item.input);
    else if (ended.state === 'failed') {
      const { code, message } = ended.error;
      failed.push({ input: item.input, code, reason: message });
    } else {
      done.push(ended.outcome);
      faces += countFaces(ended.outcome);
    }
  }

  async function worker(): Promise<void> {
    for (;;) {
      const item = signal.aborted || stopped ? undefined : queue.shift();
      if (!item) return;
      const began = performance.now();
      const ended = await work(item);
      if (ended === null) {
        queue.unshift(item);
        continue;
      }
      count(item, ended);
      await onEnd(item, ended, (performance.now() - began) / 1000);
      tell(null);
    }
  }

  tell(null);
  await Promise.all(Array.from({ length: jobs }, worker));
  const remaining = queue.map(({ input }) => input);
  return { result: { done, earlier, failed, remaining }, stopped };
}

const countFaces = ({ layers }: FileOutcome): number =>
  new Set(layers.filter(({ faceNumber }) => faceNumber !== null).map(faceKey)).size;

const faceKey = ({ above, faceNumber }: FileOutcome['layers'][number]): string =>
  `${faceNumber} ${above ?? ''}`;
