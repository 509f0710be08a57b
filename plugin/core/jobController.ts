import { toPspError } from '../../protocol/errors';
import type { Bridge } from './bridge/bridge';
import type { FoundFaces } from './captureLayer';
import type { DocumentHost, LayerTarget } from './document';
import {
  isOver,
  isSameLayer,
  type Job,
  type JobResult,
  type JobState,
  type MadeLayer,
} from './job';
import { Observable } from './observable';
import type { Order } from './order';
import { runOrder } from './runOrder';

/** Jobs that are over and still shown; older ones and their thumbnails are let go. */
const keptJobs = 24;
/** What a job's layers held before; each has small pictures and codes. */
const keptContents = 64;

/** A job's id, and its end: the result, or a PspError which is also kept in the job. */
export interface StartedJob {
  readonly id: number;
  readonly end: Promise<JobResult>;
}

/** Runs orders: reads at once, so that the pixels are those of the click, and commits when they come. */
export class JobController {
  /** Oldest first. */
  readonly jobs = new Observable<readonly Job[]>([]);
  private nextId = 1;
  private readonly cancels = new Map<number, () => void>();

  constructor(
    private readonly host: DocumentHost,
    private readonly bridge: Bridge,
    private readonly knownFaces: () => FoundFaces | null,
  ) {}

  start(target: LayerTarget, order: Order): StartedJob {
    return this.startRun([target], order)[0]!;
  }

  /**
   * Starts an order on layers, one after another: each is read when its turn comes and is an undo step
   * of its own, and one that fails does not keep the others from theirs.
   */
  startRun(targets: readonly LayerTarget[], order: Order): readonly StartedJob[] {
    const id = this.nextId;
    this.nextId += targets.length;
    const run = targets.map((target, index): Job => ({
      id: id + index,
      target,
      order,
      run: { id, number: index + 1, count: targets.length },
      state: { kind: index === 0 ? 'reading' : 'waiting' },
    }));
    this.jobs.update((jobs) => [...jobs, ...run]);
    let before: Promise<unknown> | null = null;
    return run.map((job) => {
      const end: Promise<JobResult> = before ? before.then(() => this.run(job)) : this.run(job);
      // A failure is shown from the job's state; only who waits for `end` has to handle it too.
      before = end.catch(() => undefined);
      return { id: job.id, end };
    });
  }

  /**
   * Cancels a job and the rest of its run. Works at once: whatever still arrives is dropped, and nothing
   * is written any more.
   */
  cancel(id: number): void {
    const run = this.jobs.value.find((job) => job.id === id)?.run.id;
    this.jobs.update((jobs) =>
      jobs.filter((job) => job.run.id !== run || job.state.kind !== 'waiting'),
    );
    const current = this.jobs.value.find((job) => job.run.id === run && !isOver(job.state));
    // While layers are being written the editor's own undo is the way back.
    if (!current || current.state.kind === 'writing') return;
    this.setState(current.id, { kind: 'cancelled' });
    this.cancels.get(current.id)?.();
  }

  /** Cancels whatever has not ended. */
  cancelAll(): void {
    for (const { id, state } of this.jobs.value) if (!isOver(state)) this.cancel(id);
  }

  /**
   * Jobs that ended before the host went and came back.
   * @returns what was added to their numbers, so that they are not those of jobs that are here already
   */
  bringBack(jobs: readonly Job[]): number {
    const shift = this.nextId - 1;
    const renumbered = jobs.map((job) => ({
      ...job,
      id: job.id + shift,
      run: { ...job.run, id: job.run.id + shift },
    }));
    const past = renumbered.map(({ id, run }) => Math.max(id, run.id) + 1);
    this.nextId = Math.max(this.nextId, ...past);
    this.jobs.update((all) => [...renumbered, ...all]);
    return shift;
  }

  /** Takes a job that is over off the list. */
  dismiss(id: number): void {
    this.jobs.update((jobs) => jobs.filter((job) => job.id !== id || !isOver(job.state)));
  }

  /** What a layer of a finished job has become, after it was mixed, edited or placed, and what it was. */
  updateLayer(id: number, layer: MadeLayer, replaced: MadeLayer): void {
    this.jobs.update((jobs) =>
      jobs.map((job) => {
        if (job.id !== id || job.state.kind !== 'done') return job;
        const { result } = job.state;
        const [latest] = result.layers.filter((made) => isSameLayer(made, layer));
        if (!latest) return job;
        const layers = result.layers.map((made) => (made === latest ? layer : made));
        const held = replaced.revision === latest.revision ? [latest] : [latest, replaced];
        const earlier = [...result.earlier, ...held].slice(-keptContents);
        return { ...job, state: { kind: 'done', result: { ...result, layers, earlier } } };
      }),
    );
  }

  private async run({ id, target, order }: Job): Promise<JobResult> {
    try {
      const result = await runOrder(this.host, this.bridge, target, order, this.knownFaces(), {
        onState: (state) => this.setState(id, state),
        onStarted: (cancel) => {
          this.cancels.set(id, cancel);
          if (this.isCancelled(id)) cancel();
        },
        isCancelled: () => this.isCancelled(id),
      });
      this.setState(id, { kind: 'done', result });
      return result;
    } catch (thrown) {
      const error = toPspError(thrown);
      const state: JobState =
        error.code === 'CANCELLED' ? { kind: 'cancelled' } : { kind: 'failed', error };
      this.setState(id, state);
      throw error;
    } finally {
      this.cancels.delete(id);
      this.dropOldest();
    }
  }

  /** What was cancelled before its turn is on the list no more. */
  private isCancelled(id: number): boolean {
    const job = this.jobs.value.find((candidate) => candidate.id === id);
    return !job || job.state.kind === 'cancelled';
  }

  private setState(id: number, state: JobState): void {
    this.jobs.update((jobs) =>
      jobs.map((job) => (job.id === id && !isOver(job.state) ? { ...job, state } : job)),
    );
  }

  private dropOldest(): void {
    this.jobs.update((jobs) => {
      const over = jobs.filter((job) => isOver(job.state));
      const dropped = new Set(over.slice(0, Math.max(0, over.length - keptJobs)));
      return dropped.size === 0 ? jobs : jobs.filter((job) => !dropped.has(job));
    });
  }
}
