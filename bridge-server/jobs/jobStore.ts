import { PspError } from '../../protocol/errors';
import type { Limits } from '../../protocol/limits';
import type { KnownJob, JobState } from './job';

/** Jobs of one client that are remembered after they failed or were cancelled before they came. */
const maxFailedPerClient = 256;

export type StoreLimits = Pick<Limits, 'resultBytes' | 'resultMs'>;

type StateOf<K extends JobState['kind']> = Extract<JobState, { kind: K }>;

/** Every job that is known, by client and name; forgets those that ended long ago. */
export class JobStore {
  private readonly jobs = new Map<string, KnownJob>();

  constructor(private readonly limits: StoreLimits) {}

  get all(): readonly KnownJob[] {
    return [...this.jobs.values()];
  }

  get(client: string, id: string): KnownJob | undefined {
    return this.jobs.get(keyOf(client, id));
  }

  /** @throws PspError NOT_FOUND */
  require(client: string, id: string): KnownJob {
    const job = this.get(client, id);
    if (job) return job;
    const minutes = Math.round(this.limits.resultMs / 60_000);
    throw new PspError(
      'NOT_FOUND',
      `The bridge knows no such job: it never arrived, or its result was kept for ${minutes} minutes and is gone. Run it again.`,
    );
  }

  add(job: KnownJob): void {
    this.jobs.set(keyOf(job.client, job.id), job);
    const failed = this.of(job.client).filter((other) => other.state.kind === 'failed');
    for (const oldest of failed.slice(0, -maxFailedPerClient)) this.remove(oldest);
  }

  remove(job: KnownJob): void {
    this.jobs.delete(keyOf(job.client, job.id));
  }

  of(client: string): readonly KnownJob[] {
    return this.all.filter((job) => job.client === client);
  }

  inState<K extends JobState['kind']>(kind: K): readonly (KnownJob & { state: StateOf<K> })[] {
    return this.all.filter(
      (job): job is KnownJob & { state: StateOf<K> } => job.state.kind === kind,
    );
  }

  /** Bytes of payloads that wait or run. */
  get queuedBytes(): number {
    return this.all
      .filter((job) => job.state.kind !== 'finished' && job.state.kind !== 'failed')
      .reduce((sum, job) => sum + job.bytes, 0);
  }

  removeExpired(now: number): void {
    for (const job of [...this.inState('finished'), ...this.inState('failed')]) {
      if (now - job.endedAt > this.limits.resultMs) this.remove(job);
    }
  }

  /**
   * Lets fetched results go, oldest first, until there is room; results that nobody has fetched stay.
   * @returns clients whose next job must wait until they fetch or forget what is finished: those that
   *          fill more than a quarter of it or, where it is full, have anything on it. Nobody
   *          waits for another's results: each can add one to a full store (as many as run at once).
   */
  makeRoom(): ReadonlySet<string> {
    const { resultBytes } = this.limits;
    const finished = this.inState('finished');
    let total = finished.reduce((sum, job) => sum + job.state.bytes, 0);
    const fetched = finished.filter((job) => job.state.fetched);
    for (const job of fetched.sort((a, b) => a.endedAt - b.endedAt)) {
      if (total <= resultBytes) break;
      total -= job.state.bytes;
      this.remove(job);
    }
    const perClient = new Map<string, number>();
    for (const { client, state } of finished) {
      if (!state.fetched) perClient.set(client, (perClient.get(client) ?? 0) + state.bytes);
    }
    const share = total > resultBytes ? 0 : resultBytes / 4;
    const greedy = [...perClient].filter(([, bytes]) => bytes > share);
    return new Set(greedy.map(([client]) => client));
  }
}

const keyOf = (client: string, id: string): string => `${client} ${id}`;
