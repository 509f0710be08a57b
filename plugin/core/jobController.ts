import { toPspError } from '../../protocol/errors';
import type { Bridge } from './bridge';
import type { FoundFaces } from './capture';
import type { DocumentHost, LayerTarget } from './document';
import { isOver, type Job, type JobResult, type JobState } from './job';
import { Observable } from './observable';
import type { Order } from './order';
import { runOrder } from './runOrder';

/** Jobs that are over and still shown; older ones and their thumbnails are let go. */
const keptJobs = 24;

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

  /**
   * Starts an order on a layer.
   * @returns the job's id and its end: the result, or a PspError which is also kept in the job.
   */
  start(
    target: LayerTarget,
    order: Order,
  ): { readonly id: number; readonly end: Promise<JobResult> } {
    const id = this.nextId++;
    this.jobs.update((jobs) => [...jobs, { id, target, order, state: { kind: 'reading' } }]);
    const end = this.run(id, target, order);
    // A failure is shown from the job's state; only who waits for `end` has to handle it too.
    end.catch(() => undefined);
    return { id, end };
  }

  /** Works at once: whatever still arrives is dropped, and nothing is written any more. */
  cancel(id: number): void {
    const job = this.jobs.value.find((candidate) => candidate.id === id);
    // While layers are being written the editor's own undo is the way back.
    if (!job || isOver(job.state) || job.state.kind === 'writing') return;
    this.setState(id, { kind: 'cancelled' });
    this.cancels.get(id)?.();
  }

  /** Takes a job that is over off the list. */
  dismiss(id: number): void {
    this.jobs.update((jobs) => jobs.filter((job) => job.id !== id || !isOver(job.state)));
  }

  private async run(id: number, target: LayerTarget, order: Order): Promise<JobResult> {
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

  private isCancelled(id: number): boolean {
    return this.jobs.value.find((job) => job.id === id)?.state.kind === 'cancelled';
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
