import { PspError } from '../../protocol/errors';
import type { ServerEvent } from '../../protocol/events';
import type { Job, Priority } from '../../protocol/job';
import type { Raster } from '../../protocol/raster';
import type { Processor } from '../processor/processor';
import { Arrival, stalledMessage } from './arrival';
import type { KnownJob, Wait } from './job';
import { checkRoom, type RoomLimits } from './checkRoom';
import { JobLives, type JobEvents } from './jobLives';
import { JobStore, type StoreLimits } from './jobStore';
import { orderQueue } from './queueOrder';
import type { FinishedWork } from './runJob';

export type QueueLimits = StoreLimits & RoomLimits;

export interface OpenJob {
  readonly client: string;
  readonly id: string;
  readonly priority: Priority;
  readonly bytes: number;
}

export type JobStatus =
  | { readonly state: 'waiting'; readonly place: number }
  | { readonly state: 'running' }
  | { readonly state: 'finished' }
  | { readonly state: 'failed'; readonly error: PspError };

const sweepMs = 10_000;
/** Where a server runs the networks a job mostly waits for it: so many are under way before this machine's part fills it. */
const jobsOnServer = 4;

/**
 * The jobs of all clients: one runs, or some where an inference server runs the networks; the others wait for
 * their turn or to be fetched.
 */
export class JobQueue {
  private readonly store: JobStore;
  private readonly lives: JobLives;
  private readonly lastTurns = new Map<string, number>();
  private readonly sweep: NodeJS.Timeout;
  private arrivals = 0;
  private turns = 0;
  private readonly running = new Set<Promise<void>>();
  private closing: PspError | null = null;
  private onAllFetched: () => void = () => undefined;

  constructor(
    private readonly processor: Pick<Processor, 'run' | 'report'>,
    private readonly limits: QueueLimits,
    private readonly events: JobEvents,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.store = new JobStore(limits);
    this.lives = new JobLives(processor, events, now);
    this.sweep = setInterval(() => this.advance(), sweepMs).unref();
  }

  /**
   * Takes a job's name and reserves its bytes, before anything is allocated for it.
   * @returns a signal that is aborted when the job is cancelled while its payloads travel
   * @throws PspError CANCELLED, BAD_INPUT, TOO_LARGE, BUSY
   */
  open({ client, id, priority, bytes }: OpenJob): AbortSignal {
    if (this.closing) throw this.closing;
    const known = this.store.get(client, id);
    if (known?.state.kind === 'failed') throw known.state.error; // a cancel that came first
    if (known)
      throw new PspError('BAD_INPUT', 'A job of this name is known already. Choose another.');
    this.dropStalled(bytes);
    checkRoom(this.store, this.limits, client, bytes);
    const abort = new AbortController();
    const arrival = ++this.arrivals;
    const state = { kind: 'receiving', abort, arrival: new Arrival(this.now) } as const;
    this.store.add({ client, id, priority, bytes, arrival, state, told: null, endedAt: 0 });
    return abort.signal;
  }

  /** Some of its payloads have come. */
  received(client: string, id: string, bytes: number): void {
    const state = this.store.get(client, id)?.state;
    if (state?.kind === 'receiving') state.arrival.add(bytes);
  }

  /** The payloads will not come: the name and the bytes are free again. */
  abandon(client: string, id: string): void {
    const job = this.store.get(client, id);
    if (job?.state.kind === 'receiving') this.store.remove(job);
  }

  /** Everything has arrived: the job stands in the queue. */
  submit(client: string, id: string, work: Job): void {
    const job = this.store.require(client, id);
    if (job.state.kind === 'failed') throw job.state.error;
    job.state = { kind: 'waiting', work };
    this.advance();
  }

  /** Works in every state, and before the job is known. */
  cancel(client: string, id: string): void {
    const error = new PspError('CANCELLED', 'The job was cancelled.');
    const job = this.store.get(client, id);
    if (!job) {
      const state = { kind: 'failed', error } as const;
      const arrival = ++this.arrivals;
      const fields = { client, id, arrival, state, bytes: 0, told: null, endedAt: this.now() };
      return this.store.add({ ...fields, priority: 'interactive' });
    }
    const { state } = job;
    if (state.kind === 'failed') return;
    this.lives.fail(job, error);
    if (state.kind === 'receiving' || state.kind === 'running') state.abort.abort(error);
    this.advance();
  }

  /** @throws PspError NOT_FOUND */
  status(client: string, id: string): JobStatus {
    const { state, told } = this.store.require(client, id);
    switch (state.kind) {
      case 'receiving':
      case 'waiting':
        return { state: 'waiting', place: told?.place ?? this.store.inState('waiting').length };
      case 'running':
      case 'finished':
        return { state: state.kind };
      case 'failed':
        return { state: 'failed', error: state.error };
    }
  }

  /** How a running job's codes look that are being fitted. @throws PspError NOT_FOUND */
  glimpse(client: string, id: string): Raster | null {
    const { state } = this.store.require(client, id);
    return state.kind === 'running' ? state.glimpse : null;
  }

  /**
   * A finished job's result, as often as it is wanted.
   * @throws PspError NOT_FOUND, BUSY while it is not finished, or the reason for which it failed
   */
  result(client: string, id: string): FinishedWork {
    const { state } = this.store.require(client, id);
    if (state.kind === 'failed') throw state.error;
    if (state.kind !== 'finished') {
      const message = 'The job is not finished yet. Wait for its "finished" event.';
      throw new PspError('BUSY', message, { retryable: true });
    }
    return state;
  }

  /** All of the result has reached the client. */
  markFetched(client: string, id: string): void {
    const job = this.store.get(client, id);
    if (job?.state.kind === 'finished') job.state = { ...job.state, fetched: true };
    this.advance();
  }

  /** Whether what is still on its way of a job must not arrive. */
  isCancelled(client: string, id: string): boolean {
    return this.store.get(client, id)?.state.kind === 'failed';
  }

  forget(client: string, id: string): void {
    const job = this.store.get(client, id);
    if (job?.state.kind === 'finished' || job?.state.kind === 'failed') this.store.remove(job);
    this.advance();
  }

  /** Tells a client that has come back where its waiting jobs stand. */
  announce(client: string): void {
    for (const { id, told } of this.store.of(client)) {
      if (told) this.events.notify(client, queued(id, told));
    }
  }

  get counts(): { readonly waiting: number; readonly running: number; readonly finished: number } {
    return {
      waiting: this.store.inState('receiving').length + this.store.inState('waiting').length,
      running: this.running.size,
      finished: this.store.inState('finished').length,
    };
  }

  /** Hands waiting jobs back; those that run may end, and results be fetched, within `graceMs`. */
  async close(graceMs: number): Promise<void> {
    clearInterval(this.sweep);
    this.closing = new PspError(
      'CONNECTION_LOST',
      'The bridge server is shutting down. Run it again when the server is back.',
      { retryable: true },
    );
    for (const job of [...this.store.inState('receiving'), ...this.store.inState('waiting')]) {
      const { state } = job;
      this.lives.fail(job, this.closing);
      if (state.kind === 'receiving') state.abort.abort(this.closing);
    }
    let timer: NodeJS.Timeout | undefined;
    const overdue = new Promise<void>((resolve) => (timer = setTimeout(resolve, graceMs)));
    await Promise.race([Promise.all(this.running), overdue]);
    for (const job of this.store.inState('running')) {
      const { abort } = job.state;
      this.lives.fail(job, this.closing);
      abort.abort(this.closing);
    }
    const fetched = new Promise<void>((resolve) => (this.onAllFetched = resolve));
    this.advance();
    await Promise.race([fetched, overdue]);
    clearTimeout(timer);
  }

  /** Where room is short, what was reserved for payloads that do not come is given back. */
  private dropStalled(bytes: number): void {
    if (this.store.queuedBytes + bytes <= this.limits.queuedBytes) return;
    for (const job of this.store.inState('receiving')) {
      const { abort, arrival } = job.state;
      if (!arrival.isStalled()) continue;
      this.store.remove(job);
      abort.abort(new PspError('BUSY', stalledMessage, { retryable: true }));
    }
  }

  private hasUnfetched(): boolean {
    return this.store.inState('finished').some((job) => !job.state.fetched);
  }

  /** Starts the next job when there is one, and tells everybody who waits where they stand. */
  private advance(): void {
    this.store.removeExpired(this.now());
    const greedy = this.store.makeRoom();
    const inOrder = orderQueue(this.store.inState('waiting'), this.lastTurns);
    const held = inOrder.filter((job) => greedy.has(job.client));
    const ready = inOrder.filter((job) => !greedy.has(job.client));
    const [next] = ready;
    if (next && this.running.size < this.jobsAtOnce) {
      this.start(next, next.state.work);
      return this.advance();
    }
    const ahead = this.running.size;
    [...ready, ...held].forEach((job, index) => {
      const wait: Wait = {
        place: index + ahead,
        waitsFor: greedy.has(job.client) ? 'fetch' : null,
      };
      if (job.told?.place === wait.place && job.told.waitsFor === wait.waitsFor) return;
      job.told = wait;
      this.events.notify(job.client, queued(job.id, wait));
    });
    this.dropTurns();
    if (this.closing && !this.hasUnfetched()) this.onAllFetched();
  }

  private get jobsAtOnce(): number {
    return this.processor.report.provider === 'remote' ? jobsOnServer : 1;
  }

  private start(job: KnownJob, work: Job): void {
    this.lastTurns.set(job.client, ++this.turns);
    const ended = this.lives.run(job, work).finally(() => {
      this.running.delete(ended);
      this.advance();
    });
    this.running.add(ended);
  }

  /** A client without jobs has no turns to count. */
  private dropTurns(): void {
    const clients = new Set(this.store.all.map((job) => job.client));
    for (const client of this.lastTurns.keys()) {
      if (!clients.has(client)) this.lastTurns.delete(client);
    }
  }
}

const queued = (job: string, wait: Wait): ServerEvent => ({
  event: 'queued',
  params: { job, ...wait },
});
