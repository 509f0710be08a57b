import { PspError } from '../../protocol/errors';
import type { Stage, Timing } from '../../protocol/job';
import type { RunOptions } from './processor';

export interface JobProgress {
  time<T>(stage: Stage, work: () => T | Promise<T>): Promise<T>;
  advance(stage: Stage, steps: number): void;
  timings(): readonly Timing[];
}

/** Times the stages, counts the network's steps for the progress bar, and stops between two pieces of work. */
export function createProgress({ signal, onProgress }: RunOptions, total: number): JobProgress {
  const spent = new Map<Stage, number>();
  let done = 0;
  return {
    async time(stage, work) {
      // Placing is one long computation: a cancel is heard in between.
      await new Promise(setImmediate);
      if (signal.aborted) throw new PspError('CANCELLED', 'The job was cancelled.');
      onProgress({ stage, done, total });
      const start = performance.now();
      try {
        return await work();
      } finally {
        spent.set(stage, (spent.get(stage) ?? 0) + performance.now() - start);
      }
    },
    advance(stage, steps) {
      done += steps;
      onProgress({ stage, done, total });
    },
    timings: () => [...spent].map(([stage, milliseconds]) => ({ stage, milliseconds })),
  };
}
