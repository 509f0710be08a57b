import { toPspError, type ErrorShape } from '../../protocol/errors';
import type { LayerTarget, PictureFolder } from './document';
import type { JobController } from './jobController';
import { Observable } from './observable';
import { workName, type Order } from './order';

export type BatchSource =
  | { readonly kind: 'layers'; readonly targets: readonly LayerTarget[] }
  | { readonly kind: 'folder'; readonly folder: PictureFolder };

export type BatchItemState =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'running'; readonly jobId: number | null }
  | { readonly kind: 'done'; readonly layers: number }
  /** Finished by an earlier run: its result is already in the output folder. */
  | { readonly kind: 'already-done' }
  | { readonly kind: 'failed'; readonly error: ErrorShape };

export interface BatchItem {
  readonly name: string;
  readonly state: BatchItemState;
}

export interface BatchState {
  readonly phase: 'idle' | 'running' | 'stopping' | 'stopped' | 'finished';
  readonly items: readonly BatchItem[];
}

interface BatchPlan {
  readonly source: BatchSource;
  readonly order: Order;
}

/** Where an item's layer comes from, and what happens to it afterwards. */
interface Opened {
  readonly target: LayerTarget;
  save(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Runs one order over many layers or a folder, one after another. A failure is noted and the rest
 * goes on; a stopped run goes on where it stopped; a folder's finished pictures are left out.
 */
export class BatchQueue {
  readonly state = new Observable<BatchState>({ phase: 'idle', items: [] });
  private plan: BatchPlan | null = null;

  constructor(
    private readonly jobs: JobController,
    /** Resolves when the bridge can work: a lost connection holds the queue instead of failing it. */
    private readonly whenReady: () => Promise<void>,
  ) {}

  /** @throws PspError when the source cannot be listed; nothing runs then. */
  async start(source: BatchSource, order: Order): Promise<void> {
    if (this.isBusy()) return;
    this.state.set({ phase: 'running', items: [] });
    try {
      const items = await listItems(source, order);
      this.plan = { source, order: { ...order, priority: 'batch' } };
      this.state.set({ phase: 'running', items });
    } catch (error) {
      this.state.set({ phase: 'idle', items: [] });
      throw toPspError(error);
    }
    await this.work();
  }

  /** Goes on with what waits, and tries again what failed. */
  async resume(): Promise<void> {
    if (this.isBusy() || !this.plan) return;
    this.state.update(({ items }) => ({
      phase: 'running',
      items: items.map((item) =>
        item.state.kind === 'failed' ? { ...item, state: { kind: 'waiting' } } : item,
      ),
    }));
    await this.work();
  }

  /** Cancels the running item, which will wait again, and holds the rest. */
  stop(): void {
    if (this.state.value.phase !== 'running') return;
    this.state.update((state) => ({ ...state, phase: 'stopping' }));
    for (const { state } of this.state.value.items) {
      if (state.kind === 'running' && state.jobId !== null) this.jobs.cancel(state.jobId);
    }
  }

  clear(): void {
    if (!this.isBusy()) this.state.set({ phase: 'idle', items: [] });
  }

  private isBusy(): boolean {
    const { phase } = this.state.value;
    return phase === 'running' || phase === 'stopping';
  }

  private async work(): Promise<void> {
    for (let index = 0; index < this.state.value.items.length; index += 1) {
      if (this.state.value.phase !== 'running') break;
      if (this.state.value.items[index]!.state.kind === 'waiting') await this.runItem(index);
    }
    const waits = this.state.value.items.some((item) => item.state.kind === 'waiting');
    this.state.update((state) => ({ ...state, phase: waits ? 'stopped' : 'finished' }));
  }

  private async runItem(index: number): Promise<void> {
    const { source, order } = this.plan!;
    this.mark(index, { kind: 'running', jobId: null });
    try {
      await this.whenReady();
      if (this.state.value.phase !== 'running') return this.mark(index, { kind: 'waiting' });
      const { name } = this.state.value.items[index]!;
      const opened = await open(source, order, index, name);
      try {
        const { id, end } = this.jobs.start(opened.target, order);
        this.mark(index, { kind: 'running', jobId: id });
        const result = await end;
        await opened.save();
        this.mark(index, { kind: 'done', layers: result.layers.length });
      } finally {
        await opened.close();
      }
    } catch (thrown) {
      const error = toPspError(thrown);
      const stopped = error.code === 'CANCELLED' && this.state.value.phase === 'stopping';
      this.mark(index, stopped ? { kind: 'waiting' } : { kind: 'failed', error });
    }
  }

  private mark(index: number, state: BatchItemState): void {
    this.state.update((all) => ({
      ...all,
      items: all.items.map((item, i) => (i === index ? { ...item, state } : item)),
    }));
  }
}

async function listItems(source: BatchSource, order: Order): Promise<readonly BatchItem[]> {
  if (source.kind === 'layers') {
    return source.targets.map((target) => ({
      name: `${target.documentName} · ${target.layerName}`,
      state: { kind: 'waiting' },
    }));
  }
  const finished = new Set(await source.folder.listFinished(workName(order)));
  return (await source.folder.listPictures()).map((name) => ({
    name,
    state: finished.has(name) ? { kind: 'already-done' } : { kind: 'waiting' },
  }));
}

async function open(
  source: BatchSource,
  order: Order,
  index: number,
  name: string,
): Promise<Opened> {
  if (source.kind === 'layers') {
    const nothing = () => Promise.resolve();
    return { target: source.targets[index]!, save: nothing, close: nothing };
  }
  const { folder } = source;
  const target = await folder.open(name);
  return {
    target,
    save: () => folder.save(target, name, workName(order)),
    close: () => folder.close(target),
  };
}
