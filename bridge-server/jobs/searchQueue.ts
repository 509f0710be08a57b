import { PspError } from '../../protocol/errors';
import type { Limits } from '../../protocol/limits';
import { orderQueue, type Waiting } from './queueOrder';

/** A host looks for faces in one layer, and has at most moved on from some others. */
const maxPerClient = 16;

interface Search extends Waiting {
  readonly id: string;
  readonly bytes: number;
  readonly abort: AbortController;
  /** Begins its turn; `null` while its preview travels. */
  start: (() => void) | null;
}

export interface OpenSearch {
  /** Aborted when the search is cancelled. */
  readonly signal: AbortSignal;
  /** Waits for its turn and works. */
  run<T>(work: () => Promise<T>): Promise<T>;
  /** Call it however the search ends. */
  close(): void;
}

/** Face searches of all clients: one works at a time, clients take turns, each can be cancelled. */
export class SearchQueue {
  private readonly searches = new Set<Search>();
  private readonly lastTurns = new Map<string, number>();
  private arrivals = 0;
  private working: Search | null = null;

  constructor(private readonly limits: Pick<Limits, 'queuedBytes'>) {}

  /**
   * Reserves the preview's bytes before anything is allocated for them.
   * @param id by which the client may cancel it
   * @throws PspError BUSY
   */
  open(client: string, id: string, bytes: number): OpenSearch {
    const all = [...this.searches];
    const reserved = all.reduce((sum, search) => sum + search.bytes, 0);
    if (
      all.filter((search) => search.client === client).length >= maxPerClient ||
      reserved + bytes > this.limits.queuedBytes
    ) {
      const message = 'Too many previews are looked at just now. Try again in a moment.';
      throw new PspError('BUSY', message, { retryable: true });
    }
    const abort = new AbortController();
    const arrival = ++this.arrivals;
    const search: Search = {
      client,
      id,
      bytes,
      abort,
      arrival,
      priority: 'interactive',
      start: null,
    };
    this.searches.add(search);
    return {
      signal: abort.signal,
      run: async (work) => {
        await new Promise<void>((resolve, reject) => {
          abort.signal.addEventListener('abort', () => reject(abort.signal.reason as PspError));
          search.start = resolve;
          this.advance();
        });
        return work();
      },
      close: () => {
        this.searches.delete(search);
        if (this.working === search) this.working = null;
        if (![...this.searches].some((other) => other.client === client)) {
          this.lastTurns.delete(client);
        }
        this.advance();
      },
    };
  }

  /** @returns whether there was a search of this name */
  cancel(client: string, id: string): boolean {
    const search = [...this.searches].find((other) => other.client === client && other.id === id);
    search?.abort.abort(new PspError('CANCELLED', 'The search was cancelled.'));
    return search !== undefined;
  }

  private advance(): void {
    if (this.working) return;
    const ready = [...this.searches].filter(({ start, abort }) => start && !abort.signal.aborted);
    const [next] = orderQueue(ready, this.lastTurns);
    if (!next) return;
    this.working = next;
    this.lastTurns.set(next.client, next.arrival);
    next.start?.();
  }
}
