import type { DocumentHost, LayerTarget } from './document';
import { isOver, type Job, type MadeLayer } from './job';
import type { JobController } from './jobController';
import { Observable } from './observable';
import { sameWork, type Order } from './order';
import { sameLayerState } from './captureLayer';
import type { Timers } from './timers';

/** A finished job as far as its layers are still there. */
export interface Result {
  readonly job: Job;
  /** At least one. */
  readonly layers: readonly MadeLayer[];
  readonly workMs: number;
}

/** The other variants of the same face. */
export const rivalsOf = ({ layers }: Result, layer: MadeLayer): readonly MadeLayer[] =>
  layers.filter((other) => other !== layer && other.faceNumber === layer.faceNumber);

const handlesOf = (layers: readonly MadeLayer[]) => layers.map(({ handle }) => handle);

/** An editor tells of every brush stroke: wait until it pauses. */
const settleMs = 150;

/** What jobs made and is still in its document, newest first: an undone layer's result goes, a redone one's comes. */
export class Results {
  readonly list = new Observable<readonly Result[]>([]);
  /** The layer that was chosen last, by job; before any choice the first is shown. */
  readonly chosen = new Observable<ReadonlyMap<number, string>>(new Map());
  private round = 0;
  private stopWaiting: (() => void) | null = null;
  private readonly stops: readonly (() => void)[];

  constructor(
    private readonly host: DocumentHost,
    private readonly jobs: JobController,
    private readonly timers: Timers,
  ) {
    this.stops = [
      host.onChange(() => {
        this.stopWaiting?.();
        this.stopWaiting = this.timers.after(settleMs, () => void this.refresh());
      }),
      jobs.jobs.subscribe(() => void this.refresh()),
    ];
  }

  /** Whether this very work is under way on the layer, or what it made is still there. */
  hasMade(target: LayerTarget, order: Order): boolean {
    const isSame = (job: Job): boolean =>
      sameLayerState(job.target, target) && sameWork(job.order, order);
    return (
      this.jobs.jobs.value.some((job) => !isOver(job.state) && isSame(job)) ||
      this.list.value.some(({ job }) => isSame(job))
    );
  }

  chosenOf({ job, layers }: Result): MadeLayer {
    const id = this.chosen.value.get(job.id);
    return layers.find(({ handle }) => handle.layerId === id) ?? layers[0]!;
  }

  /** Shows one variant of its face alone, in one undo step of this name. */
  choose(result: Result, layer: MadeLayer, stepName: string): Promise<void> {
    this.remember(result, layer);
    return this.host.changeLayers(stepName, {
      show: [layer.handle],
      hide: handlesOf(rivalsOf(result, layer)),
    });
  }

  /** Shows one variant and removes the others of its face. */
  keep(result: Result, layer: MadeLayer, stepName: string): Promise<void> {
    this.remember(result, layer);
    return this.host.changeLayers(stepName, {
      show: [layer.handle],
      remove: handlesOf(rivalsOf(result, layer)),
    });
  }

  /** Removes layers of a result. */
  discard(layers: readonly MadeLayer[], stepName: string): Promise<void> {
    return this.host.changeLayers(stepName, { remove: handlesOf(layers) });
  }

  private remember({ job }: Result, { handle }: MadeLayer): void {
    this.chosen.update((chosen) => new Map([...chosen, [job.id, handle.layerId]]));
  }

  async refresh(): Promise<void> {
    const round = ++this.round;
    const found: Result[] = [];
    for (const job of [...this.jobs.jobs.value].reverse()) {
      if (job.state.kind !== 'done') continue;
      const { layers, workMs } = job.state.result;
      const there = await Promise.all(layers.map(({ handle }) => this.host.exists(handle)));
      const left = layers.filter((_, index) => there[index]);
      if (left.length > 0) found.push({ job, layers: left, workMs });
    }
    if (round === this.round) this.list.set(found);
  }

  close(): void {
    this.round += 1;
    this.stopWaiting?.();
    this.stops.forEach((stop) => stop());
  }
}
