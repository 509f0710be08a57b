import type { Raster } from '../../protocol/raster';
import { isOver, type Job } from './job';
import type { JobController } from './jobController';
import { Observable } from './observable';
import type { Order } from './order';
import { shrink } from './resample';

/** What was made once: enough to find it and to make the same of another layer. */
export interface HistoryEntry {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly order: Order;
  readonly documentName: string;
  readonly layerName: string;
  readonly seed: number | null;
  /** 0..1. */
  readonly identity: number | null;
  readonly picture: Raster;
}

/** Where a host keeps it between sessions. */
export interface HistoryStore {
  read(): Promise<unknown>;
  write(entries: readonly HistoryEntry[]): Promise<unknown>;
}

/** Older entries are forgotten. */
const maxEntries = 300;
const pictureSide = 80;

/** What was made on this computer, newest first, across days. */
export class History {
  readonly entries = new Observable<readonly HistoryEntry[]>([]);
  private readonly running = new Set<number>();
  private writing: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly store: HistoryStore,
    private readonly now: () => number,
  ) {}

  /** Notes every job that is done, after what is kept: a store may be long in reading. */
  start(jobs: JobController): void {
    this.writing = this.store.read().then((kept) => {
      if (!Array.isArray(kept)) return;
      this.entries.update((own) =>
        [...own, ...(kept as readonly HistoryEntry[])].slice(0, maxEntries),
      );
    });
    jobs.jobs.subscribe((all) => {
      for (const job of all) this.note(job);
    });
  }

  forget(id: string): void {
    this.change((entries) => entries.filter((entry) => entry.id !== id));
  }

  forgetAll(): void {
    this.change(() => []);
  }

  private note({ id, state, order, target }: Job): void {
    if (!isOver(state)) this.running.add(id);
    const [first] = state.kind === 'done' ? state.result.layers : [];
    // Jobs that a host has brought back were noted when they were made.
    if (!first || !this.running.delete(id)) return;
    const at = this.now();
    const entry: HistoryEntry = {
      id: `${at} ${id}`,
      at,
      order: { ...order, priority: 'interactive' },
      documentName: target.documentName,
      layerName: target.layerName,
      seed: order.operation.variants ? first.seed : null,
      identity: first.identity,
      picture: shrink(first.after, pictureSide),
    };
    this.change((entries) => [entry, ...entries].slice(0, maxEntries));
  }

  private change(make: (entries: readonly HistoryEntry[]) => readonly HistoryEntry[]): void {
    this.entries.update(make);
    this.writing = this.writing
      .catch(() => undefined)
      .then(() => this.store.write(this.entries.value));
  }
}

/** Entries whose texts hold every word, whatever its case. */
export function searchHistory(
  entries: readonly HistoryEntry[],
  words: string,
  textOf: (entry: HistoryEntry) => string,
): readonly HistoryEntry[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  return entries.filter((entry) => {
    const text = textOf(entry).toLowerCase();
    return wanted.every((word) => text.includes(word));
  });
}
