import type { EventParams } from '../../protocol/events';
import type { Job } from '../../protocol/job';
import type { Raster } from '../../protocol/raster';
import type { OperationResult } from '../processor/job';
import type { Processor } from '../processor/processor';
import { likenessOf } from '../operations/parameters';
import { runToEnd } from '../processor/runToEnd';
import { Estimate } from './estimate';

export interface FinishedWork {
  readonly result: OperationResult;
  readonly workMs: number;
}

export type RunJob = (
  work: Job,
  signal: AbortSignal,
  onProgress: (progress: Omit<EventParams<'progress'>, 'job'>) => void,
  onGlimpse: (picture: Raster) => void,
) => Promise<FinishedWork>;

/** Runs jobs and learns from each how long the next of its kind will take. */
export function createRunJob(processor: Pick<Processor, 'run'>, now: () => number): RunJob {
  const estimate = new Estimate();
  return async (work, signal, onProgress, onGlimpse) => {
    const start = now();
    const kind = `${work.operation} ${work.model ?? ''} ${likenessOf(work.parameters)}`;
    let glimpses: number | null = null;
    const pace = estimate.follow(kind);
    const result = await runToEnd(processor, work, {
      signal,
      onProgress(progress) {
        if (signal.aborted) return;
        onProgress({ ...progress, ...pace.at(progress, now() - start), glimpses });
      },
      onGlimpse(picture) {
        glimpses = (glimpses ?? 0) + 1;
        onGlimpse(picture);
      },
    });
    const workMs = now() - start;
    if (!signal.aborted) pace.end(workMs);
    return { result, workMs };
  };
}
