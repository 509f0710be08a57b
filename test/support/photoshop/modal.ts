import { notSuspended, type ExecutionContext } from '../../../plugin/hosts/photoshop/api';
import { cloneDocument, type DocumentState } from './state';

/** How long (in turns of the event loop, some 50 ms) a scope may stay open while an answer from the network is due. */
const patienceTurns = 20_000;

interface Suspension {
  readonly token: { readonly historySuspensionID: number };
  readonly documentId: number;
  readonly name: string;
  readonly before: DocumentState;
  changed: boolean;
}

interface Scope {
  readonly playback: boolean;
  cancelled: boolean;
  context: FakeContext | null;
  /** Makes executeAsModal reject. */
  readonly fail: (reason: Error) => void;
}

export interface FakeContext extends ExecutionContext {
  readonly reported: { value?: number; commandName?: string }[];
}

export interface HistoryEntry {
  readonly name: string;
  readonly before: DocumentState;
}

/** The modal state of Photoshop and the history of its documents: who may change what, and in how many steps. */
export class Modal {
  readonly violations: string[] = [];
  readonly history = new Map<number, HistoryEntry[]>();
  /** Set while another plug-in holds the modal state. */
  heldByOther = false;
  /** How often this plug-in entered the modal state. */
  entered = 0;

  private readonly scopes: Scope[] = [];
  private suspensions: Suspension[] = [];
  private waitingNetwork: (() => void)[] = [];
  private nextSuspension = 1;
  private lastHistoryId = 0;

  constructor(private readonly documents: Map<number, DocumentState>) {}

  get held(): boolean {
    return this.scopes.length > 0;
  }

  /** The context of the scope that runs now, for tests that press Cancel. */
  get context(): FakeContext | null {
    return this.scopes.at(-1)?.context ?? null;
  }

  requireHeld(what: string): void {
    if (!this.held) {
      throw new Error(
        `${what} may modify the state of Photoshop. Such an event must be run inside executeAsModal`,
      );
    }
    if (this.scopes.at(-1)!.cancelled) throw new Error('User has canceled the operation');
  }

  cancel(): void {
    const scope = this.scopes.at(-1);
    if (!scope) throw new Error('No modal scope to cancel');
    scope.cancelled = true;
    scope.context?.onCancel?.({ reason: 'userCancel' });
  }

  /** `executeAsModal`, and with `playback` what an action step runs in. */
  async execute<T>(
    run: (context: FakeContext) => Promise<T>,
    options: { readonly commandName: string },
    playback = false,
  ): Promise<T> {
    if (typeof options?.commandName !== 'string') throw new Error('commandName is required');
    if (this.heldByOther) {
      throw Object.assign(new Error('Host is in a modal state'), { number: 9 });
    }
    if (this.scopes.some((scope) => scope.playback)) {
      this.violations.push(`executeAsModal("${options.commandName}") during an action's playback`);
    }
    this.entered += 1;
    let fail: (reason: Error) => void = () => undefined;
    const failed = new Promise<never>((_, reject) => (fail = reject));
    const scope: Scope = { playback, cancelled: false, context: null, fail };
    scope.context = this.contextFor(scope);
    this.scopes.push(scope);
    let committed = false;
    try {
      await Promise.resolve();
      const result = await Promise.race([run(scope.context), failed]);
      committed = true;
      return result;
    } finally {
      this.scopes.splice(this.scopes.indexOf(scope), 1);
      if (!this.held) this.exit(committed);
    }
  }

  /** Every change of a document goes through here: one history state each, or part of a suspended one. */
  change(document: DocumentState, name: string): void {
    this.requireHeld(name);
    const suspension = this.suspensions.find((entry) => entry.documentId === document.id);
    if (suspension) suspension.changed = true;
    else this.record(document.id, { name, before: cloneDocument(document) });
    document.historyId = ++this.lastHistoryId;
  }

  /**
   * Delivers what came from the network. While a scope is held the answer waits; if the scope then
   * waits for the answer, it is told off instead of deadlocking.
   */
  deliver(event: () => void): void {
    if (!this.held || this.scopes.some((scope) => scope.playback)) return event();
    this.waitingNetwork.push(event);
    if (this.waitingNetwork.length === 1) this.watch(patienceTurns);
  }

  private watch(turns: number): void {
    setImmediate(() => {
      if (!this.held || this.waitingNetwork.length === 0) return;
      if (turns > 0) return this.watch(turns - 1);
      const message = 'The modal state was held while waiting for the network';
      this.violations.push(message);
      this.scopes.at(-1)!.fail(new Error(message));
    });
  }

  private exit(committed: boolean): void {
    for (const suspension of this.suspensions) this.resume(suspension, committed);
    this.suspensions = [];
    const waiting = this.waitingNetwork;
    this.waitingNetwork = [];
    for (const event of waiting) event();
  }

  private record(documentId: number, entry: HistoryEntry): void {
    const entries = this.history.get(documentId) ?? [];
    entries.push(entry);
    this.history.set(documentId, entries);
  }

  private resume(suspension: Suspension, commit: boolean): void {
    const { documentId, name, before, changed } = suspension;
    if (!this.documents.has(documentId)) return;
    if (!commit) this.documents.set(documentId, before);
    else if (changed) this.record(documentId, { name, before });
  }

  private contextFor(scope: Scope): FakeContext {
    const reported: { value?: number; commandName?: string }[] = [];
    return {
      reported,
      get isCancelled() {
        return scope.cancelled;
      },
      onCancel: undefined,
      reportProgress: (progress) => {
        const { value } = progress;
        if (value !== undefined && !(value >= 0 && value <= 1)) {
          throw new Error(`reportProgress takes a value from 0 to 1, not ${value}`);
        }
        reported.push({ ...progress });
      },
      hostControl: {
        suspendHistory: async ({ documentID, name }) => {
          const document = this.documents.get(documentID);
          if (!document) throw new Error(`No document with the id ${documentID}`);
          // executeasmodal.md: ignored within a suspension, which answers this number.
          if (this.suspensions.some((entry) => entry.documentId === documentID)) {
            return notSuspended;
          }
          const token = { historySuspensionID: this.nextSuspension++ };
          const before = cloneDocument(document);
          this.suspensions.push({ token, documentId: documentID, name, before, changed: false });
          return token;
        },
        resumeHistory: async (token, commit = true) => {
          if (token === notSuspended && !commit) return;
          const index = this.suspensions.findIndex((entry) => entry.token === token);
          const suspension = this.suspensions[index];
          if (!suspension) throw new Error('This history suspension is not known');
          this.suspensions.splice(index, 1);
          this.resume(suspension, commit);
        },
      },
    };
  }
}
