import type { DocumentHost, LayerState, LayerTarget } from './document';
import { isOver, isSameLayer, type Job, type JobResult, type MadeLayer } from './job';
import type { JobController } from './jobController';
import { Observable } from './observable';
import { sameWork, type Order } from './order';
import { sameLayerState } from './captureLayer';
import type { Timers } from './timers';

/** A layer with what it holds now: after undo, what it held before. */
export type ShownLayer = MadeLayer & Pick<LayerState, 'opacity' | 'visible'>;

/** A finished job as far as its layers are still there. */
export interface Result {
  readonly job: Job;
  /** At least one. */
  readonly layers: readonly ShownLayer[];
  readonly workMs: number;
}

/** The other variants of the same face. */
export const rivalsOf = ({ layers }: Result, layer: MadeLayer): readonly ShownLayer[] =>
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

  chosenOf(result: Result): ShownLayer {
    const { job, layers } = result;
    const id = this.chosen.value.get(job.id);
    const chosen = layers.find(({ handle }) => handle.layerId === id) ?? layers[0]!;
    // The document may show another one again, after undo.
    const [instead] = rivalsOf(result, chosen).filter(({ visible }) => visible);
    return chosen.visible ? chosen : (instead ?? chosen);
  }

  /** Shows one variant of its face alone, in one undo step of this name. */
  async choose(result: Result, layer: MadeLayer, stepName: string): Promise<void> {
    await this.host.changeLayers(stepName, {
      show: [layer.handle],
      hide: handlesOf(rivalsOf(result, layer)),
    });
    await this.remember(result, layer);
  }

  /** Shows one variant and removes the others of its face. */
  async keep(result: Result, layer: MadeLayer, stepName: string): Promise<void> {
    await this.host.changeLayers(stepName, {
      show: [layer.handle],
      remove: handlesOf(rivalsOf(result, layer)),
    });
    await this.remember(result, layer);
  }

  /** Removes layers of a result. */
  discard(layers: readonly MadeLayer[], stepName: string): Promise<void> {
    return this.host.changeLayers(stepName, { remove: handlesOf(layers) });
  }

  private async remember({ job }: Result, { handle }: MadeLayer): Promise<void> {
    await this.refresh();
    this.chosen.update((chosen) => new Map([...chosen, [job.id, handle.layerId]]));
  }

  async refresh(): Promise<void> {
    const round = ++this.round;
    const found: Result[] = [];
    for (const job of [...this.jobs.jobs.value].reverse()) {
      if (job.state.kind !== 'done') continue;
      const { result } = job.state;
      const there = await Promise.all(
        result.layers.map((layer) => this.look(job.id, result, layer)),
      );
      const layers = there.filter((layer) => layer !== null);
      if (layers.length > 0) found.push({ job, layers, workMs: result.workMs });
    }
    if (round === this.round) this.list.set(found);
  }

  private async look(id: number, result: JobResult, latest: MadeLayer): Promise<ShownLayer | null> {
    const state = await this.host.look(latest.handle);
    if (!state) return null;
    const { revision, opacity, visible } = state;
    const held = [latest, ...result.earlier].filter((layer) => isSameLayer(layer, latest));
    // Pixels that an editor changed by itself have no name here: the card stays as it is.
    const content =
      held.find((layer) => layer.revision === revision) ?? this.shownBefore(id, latest) ?? latest;
    return { ...content, opacity, visible };
  }

  private shownBefore(id: number, layer: MadeLayer): MadeLayer | undefined {
    const result = this.list.value.find(({ job }) => job.id === id);
    return result?.layers.find((shown) => isSameLayer(shown, layer));
  }

  close(): void {
    this.round += 1;
    this.stopWaiting?.();
    this.stops.forEach((stop) => stop());
  }
}
