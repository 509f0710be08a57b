import { toPspError, type ErrorShape } from '../../protocol/errors';
import type { Bridge, ConnectionState } from './bridge/bridge';
import { findFaces, sameLayerState, type FoundFaces } from './captureLayer';
import type { DocumentHost, HostChange, LayerTarget } from './document';
import { Observable } from './observable';
import type { Timers } from './timers';

export type FaceSearchState =
  | { readonly kind: 'no-layer' }
  | { readonly kind: 'refused'; readonly target: LayerTarget; readonly reason: string }
  /** The layer is known but nobody is there to find faces in it. */
  | { readonly kind: 'offline'; readonly target: LayerTarget }
  | { readonly kind: 'searching'; readonly target: LayerTarget }
  | { readonly kind: 'found'; readonly target: LayerTarget; readonly found: FoundFaces }
  | { readonly kind: 'failed'; readonly target: LayerTarget; readonly error: ErrorShape };

/** How long nothing more must have happened before faces are looked for. */
const settleMs: Readonly<Record<HostChange, number>> = {
  target: 150,
  // An editor tells of every brush stroke, and reading a preview takes the editor from the painter.
  pixels: 1500,
};

/** Follows the selected layer, once started, and keeps its faces; a stale answer never shows. */
export class FaceSearch {
  readonly state = new Observable<FaceSearchState>({ kind: 'no-layer' });
  /** The selected layers, top first: faces are looked for in the first, and an order is for all of them. */
  readonly selected = new Observable<readonly LayerTarget[]>([]);
  private round = 0;
  private stopWaiting: (() => void) | null = null;
  private cancelSearch: (() => void) | null = null;
  private stopFollowing: (() => void) | null = null;

  constructor(
    private readonly host: DocumentHost,
    private readonly bridge: Bridge,
    private readonly connection: Observable<ConnectionState>,
    private readonly timers: Timers,
  ) {}

  /** Looks now, whenever the host tells of a change, and when the bridge comes or goes. */
  start(): void {
    if (this.stopFollowing) return;
    const stops = [
      this.host.onChange((change) => this.refreshSoon(change)),
      this.connection.subscribe(() => this.refreshSoon()),
    ];
    this.stopFollowing = () => stops.forEach((stop) => stop());
    this.refreshSoon();
  }

  /** The faces of the selected layer, if they are known. */
  known(): FoundFaces | null {
    return this.state.value.kind === 'found' ? this.state.value.found : null;
  }

  private refreshSoon(change: HostChange = 'target'): void {
    this.stopWaiting?.();
    this.stopWaiting = this.timers.after(settleMs[change], () => void this.refresh());
  }

  async refresh(): Promise<void> {
    const round = ++this.round;
    this.cancelSearch?.();
    this.cancelSearch = null;
    const show = (state: FaceSearchState) => {
      if (round === this.round) this.state.set(state);
    };
    let target: LayerTarget | undefined;
    try {
      const selected = await this.host.listTargets('selected-layers');
      if (round === this.round) this.selected.set(selected);
      [target] = selected;
      if (!target) return show({ kind: 'no-layer' });
      if (target.refusal !== null) {
        return show({ kind: 'refused', target, reason: target.refusal });
      }
      const known = this.known();
      if (known && sameLayerState(known.target, target)) {
        return show({ kind: 'found', target, found: { ...known, target } });
      }
      if (this.connection.value.kind !== 'ready') return show({ kind: 'offline', target });
      show({ kind: 'searching', target });
      const found = await findFaces(this.host, this.bridge, target, (cancel) => {
        if (round === this.round) this.cancelSearch = cancel;
        else cancel();
      });
      show({ kind: 'found', target, found });
      if (round === this.round) this.cancelSearch = null;
    } catch (thrown) {
      if (target) show({ kind: 'failed', target, error: toPspError(thrown) });
      else show({ kind: 'no-layer' });
    }
  }

  close(): void {
    this.round += 1;
    this.cancelSearch?.();
    this.stopWaiting?.();
    this.stopFollowing?.();
  }
}
