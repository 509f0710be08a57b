import { toPspError, type PspError } from '../../protocol/errors';
import type { ServerEvent } from '../../protocol/events';
import type { Job } from '../../protocol/job';
import type { Processor } from '../processor/processor';
import { resultBytes, type KnownJob } from './job';
import { createRunJob, type RunJob } from './runJob';

export interface JobEvents {
  notify(client: string, event: ServerEvent): void;
  /** Once for each job that was worked on. */
  onEnd(job: string, operation: Job, outcome: PspError | { readonly workMs: number }): void;
}

/** What becomes of jobs from their turn on, and is told to their clients: each runs, finishes or fails. */
export class JobLives {
  private readonly runJob: RunJob;

  constructor(
    processor: Pick<Processor, 'run'>,
    private readonly events: JobEvents,
    private readonly now: () => number,
  ) {
    this.runJob = createRunJob(processor, now);
  }

  /** Resolves when nothing works on it any more, however it ended; a cancelled one may work on for a while. */
  async run(job: KnownJob, work: Job): Promise<void> {
    const abort = new AbortController();
    const { signal } = abort;
    job.state = { kind: 'running', abort, glimpse: null };
    job.told = null;
    try {
      const { result, workMs } = await this.runJob(
        work,
        signal,
        (progress) => {
          const params = { job: job.id, ...progress };
          this.events.notify(job.client, { event: 'progress', params });
        },
        (glimpse) => {
          if (job.state.kind === 'running') job.state = { ...job.state, glimpse };
        },
      );
      if (signal.aborted) return;
      const bytes = resultBytes(result);
      job.state = { kind: 'finished', result, bytes, workMs, fetched: false };
      job.endedAt = this.now();
      this.events.notify(job.client, { event: 'finished', params: { job: job.id } });
      this.events.onEnd(job.id, work, { workMs });
    } catch (thrown) {
      const error = toPspError(thrown);
      // A cancelled job has been told already.
      if (!signal.aborted) this.fail(job, error);
      this.events.onEnd(job.id, work, error);
    }
  }

  fail(job: KnownJob, error: PspError): void {
    job.state = { kind: 'failed', error };
    job.told = null;
    job.endedAt = this.now();
    const params = { job: job.id, error: error.toJSON() };
    this.events.notify(job.client, { event: 'failed', params });
  }
}
