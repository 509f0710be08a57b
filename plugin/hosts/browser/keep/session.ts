import type { JobController } from '../../../core/jobController';
import type { Observable } from '../../../core/observable';
import type { Results } from '../../../core/results';
import type { Timers } from '../../../core/timers';
import type { BrowserHost } from '../document/browserHost';
import { LayeredDocument } from '../document/layeredDocument';
import type { Workspace } from '../document/workspace';
import type { KeptFolder } from './keptFolder';
import { fitSession, pixelsOfSteps, type LeftOut, type SessionRecord } from './sessionRecord';

/** Whether leaving the page now loses nothing. */
export type KeptState =
  /** Nothing is kept: the browser cannot. */
  | { readonly kind: 'off' }
  /** Nothing is kept until the other tab of this page, which keeps, is closed. */
  | { readonly kind: 'elsewhere' }
  /** Something is not written yet. */
  | { readonly kind: 'behind' }
  | { readonly kind: 'kept'; readonly bytes: number; readonly leftOut: LeftOut }
  /** Nothing was written: more than may be kept, or than the disk has left. */
  | { readonly kind: 'too-large' | 'full' };

/** What is kept takes no more than this of the disk. */
const keptLimitBytes = 2 * 1024 ** 3;
/** How long nothing more must have happened before it is written. */
const settleMs = 400;

export interface SessionParts {
  readonly workspace: Workspace;
  readonly host: BrowserHost;
  readonly jobs: JobController;
  readonly results: Results;
  readonly timers: Timers;
  readonly state: Observable<KeptState>;
}

/**
 * Open documents with their histories, and their results, as they were when the page went; beside what this tab has
 * made while another one kept them.
 */
export class Session {
  private stopWaiting: (() => void) | null = null;
  private writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly folder: Pick<KeptFolder, 'read' | 'sizeOf' | 'write'>,
    private readonly parts: SessionParts,
    private readonly limitBytes = keptLimitBytes,
  ) {}

  /** Brings back what was kept, then keeps whatever changes. */
  async start(): Promise<void> {
    const { workspace, jobs, results } = this.parts;
    const kept = (await this.folder.read()) as SessionRecord | null;
    if (kept) this.bringBack(kept);
    const later = () => this.writeSoon();
    workspace.onChange(later);
    jobs.jobs.subscribe(later);
    results.chosen.subscribe(later);
    this.writeSoon();
  }

  private bringBack({ version, documents, active, jobs, chosen, revisions }: SessionRecord): void {
    const { workspace, host, jobs: controller, results } = this.parts;
    host.revisions.bringBack(revisions);
    const own = workspace.active.value;
    for (const record of documents) workspace.open(LayeredDocument.from(record));
    const front = own ?? (active === null ? null : workspace.find(active));
    if (front) workspace.show(front);
    const shift = controller.bringBack(version === 2 ? jobs : []);
    results.chosen.update(
      (all) => new Map([...all, ...chosen.map(([id, layer]) => [id + shift, layer] as const)]),
    );
  }

  private writeSoon(): void {
    this.parts.state.set({ kind: 'behind' });
    this.stopWaiting?.();
    this.stopWaiting = this.parts.timers.after(settleMs, () => {
      this.writing = this.writing.then(() => this.write());
    });
  }

  private async write(): Promise<void> {
    const { workspace, host, jobs, results } = this.parts;
    const open = workspace.documents.value;
    const record: SessionRecord = {
      version: 2,
      documents: open.map((document) => document.record),
      active: workspace.active.value?.id ?? null,
      jobs: jobs.jobs.value.filter(({ state }) => state.kind === 'done'),
      chosen: [...results.chosen.value],
      revisions: host.revisions.told(open.flatMap(({ record }) => pixelsOfSteps(record))),
    };
    const { state } = this.parts;
    const before = state.value;
    const now = await this.keep(record);
    // What has changed meanwhile waits for its own turn.
    if (state.value === before) state.set(now);
  }

  private async keep(record: SessionRecord): Promise<KeptState> {
    const fits = (smaller: SessionRecord) => this.folder.sizeOf(smaller) <= this.limitBytes;
    const fitting = fitSession(record, fits);
    if (!fitting) return { kind: 'too-large' };
    try {
      await this.folder.write(fitting.record);
    } catch {
      // The page goes on, and asks before it is left.
      return { kind: 'full' };
    }
    const { leftOut } = fitting;
    return { kind: 'kept', bytes: this.folder.sizeOf(fitting.record), leftOut };
  }
}
