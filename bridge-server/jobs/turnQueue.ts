import { PspError } from '../../protocol/errors';
import type { Limits } from '../../protocol/limits';
import { orderQueue, type Waiting } from './queueOrder';

/** A host looks for faces in one layer, and has at most moved on from some others. */
const maxPerClient = 16;

interface Task extends Waiting {
  readonly id: string;
  bytes: number;
  readonly abort: AbortController;
  /** Begins its turn; `null` while its data travels. */
  start: (() => void) | null;
}

export interface Turn {
  /** Aborted when the work is cancelled, or the turn closed. */
  readonly signal: AbortSignal;
  /** Waits for its turn and works. */
  run<T>(work: () => Promise<T>): Promise<T>;
  /** The work is done, and what it made takes so many bytes until it is closed. */
  hold(bytes: number): void;
  /** Call it however the work ends. */
  close(): void;
}

/**
 * Short works of all clients beside the job that runs: one at a time, clients take turns, each can be
 * cancelled. None begins while what waits or is held takes more than the limit.
 */
export class TurnQueue {
  private readonly tasks = new Set<Task>();
  private readonly lastTurns = new Map<string, number>();
  private arrivals = 0;
  private working: Task | null = null;

  constructor(
    private readonly limits: Pick<Limits, 'queuedBytes'>,
    /** What the works are on, as messages call them. */
    private readonly things: string,
  ) {}

  /**
   * Reserves the bytes before anything is allocated for them.
   * @param id by which the client may cancel it
   * @throws PspError BUSY
   */
  open(client: string, id: string, bytes: number): Turn {
    const own = [...this.tasks].filter((task) => task.client === client);
    if (own.length >= maxPerClient || this.reserved + bytes > this.limits.queuedBytes) {
      const message = `Too many ${this.things} are looked at just now. Try again in a moment.`;
      throw new PspError('BUSY', message, { retryable: true });
    }
    const abort = new AbortController();
    const arrival = ++this.arrivals;
    const common = { client, id, bytes, abort, arrival };
    const task: Task = { ...common, priority: 'interactive', start: null };
    this.tasks.add(task);
    return {
      signal: abort.signal,
      run: async (work) => {
        await new Promise<void>((resolve, reject) => {
          const refuse = (): void => reject(abort.signal.reason as PspError);
          if (abort.signal.aborted) return refuse();
          abort.signal.addEventListener('abort', refuse);
          task.start = resolve;
          this.advance();
        });
        return work();
      },
      hold: (made) => {
        task.bytes = made;
        task.start = null;
        this.release(task);
      },
      close: () => {
        this.tasks.delete(task);
        abort.abort(cancelled());
        if (![...this.tasks].some((other) => other.client === client)) {
          this.lastTurns.delete(client);
        }
        this.release(task);
      },
    };
  }

  /** @returns whether there was work of this name */
  cancel(client: string, id: string): boolean {
    const task = [...this.tasks].find((other) => other.client === client && other.id === id);
    task?.abort.abort(cancelled());
    return task !== undefined;
  }

  private get reserved(): number {
    return [...this.tasks].reduce((sum, { bytes }) => sum + bytes, 0);
  }

  private release(task: Task): void {
    if (this.working === task) this.working = null;
    this.advance();
  }

  private advance(): void {
    if (this.working || this.reserved > this.limits.queuedBytes) return;
    const ready = [...this.tasks].filter(({ start, abort }) => start && !abort.signal.aborted);
    const [next] = orderQueue(ready, this.lastTurns);
    if (!next) return;
    this.working = next;
    this.lastTurns.set(next.client, next.arrival);
    next.start?.();
  }
}

const cancelled = (): PspError => new PspError('CANCELLED', 'The search was cancelled.');
