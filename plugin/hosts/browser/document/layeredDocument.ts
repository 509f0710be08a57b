import type { Bounds } from '../../../../protocol/geometry';
import type { NewMetadata } from '../../../../psd';
import { Observable } from '../../../core/observable';
import type { FileRemark } from '../files/openedFile';
import type { Layer } from './layer';
import type { Selection } from './selection';

export interface DocumentState {
  readonly layers: readonly Layer[];
  readonly selection: Selection | null;
}

interface Step {
  /** What the undo button says. */
  readonly name: string;
  /** What was changed, where later changes of the same kind join this step. */
  readonly thing?: string;
  readonly state: DocumentState;
}

/** The file a document came from: kept whole, so that saving touches nothing but the new layers. */
export interface SourceFile {
  readonly name: string;
  readonly blob: Blob;
}

export interface DocumentInit {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly depth: 8 | 16;
  readonly layers: readonly Layer[];
  /** The PSD or PSB it was read from; `null` for pictures and new documents. */
  readonly psd: SourceFile | null;
  /** ICC, of the pixels that are saved; `null`: they are saved as the page has them. */
  readonly profile: Uint8Array | null;
  /** What the picture's file said of itself, and a new PSD will. */
  readonly metadata: NewMetadata | null;
  readonly remarks: readonly FileRemark[];
}

/** A document with its history, to go on with later. */
export interface DocumentRecord {
  readonly id: string;
  readonly init: DocumentInit;
  readonly steps: readonly Step[];
  readonly position: number;
  readonly selectedIds: readonly string[];
  /** After how many steps it was saved; -1 where that state is no more. */
  readonly savedAt: number;
}

let nextDocumentId = 1;
/** Ids of documents that are brought back must not be given again. */
const realm = Math.random().toString(36).slice(2, 8);

/** A document with layers, a selection and an undo history. Undo is unlimited: states share their pixels. */
export class LayeredDocument {
  readonly state: Observable<DocumentState>;
  /** Not part of the history, as in any editor. */
  readonly selectedIds: Observable<readonly string[]>;
  private readonly initial: DocumentState;
  private steps: readonly Step[] = [];
  private position = 0;
  private savedState: DocumentState;

  constructor(
    readonly init: DocumentInit,
    readonly id = `document-${realm}-${nextDocumentId++}`,
  ) {
    this.initial = { layers: init.layers, selection: null };
    this.savedState = this.initial;
    this.state = new Observable(this.initial);
    const top = init.layers.at(-1);
    this.selectedIds = new Observable(top ? [top.id] : []);
  }

  /** Its canvas. */
  get bounds(): Bounds {
    return { left: 0, top: 0, right: this.init.width, bottom: this.init.height };
  }

  static from(record: DocumentRecord): LayeredDocument {
    const document = new LayeredDocument(record.init, record.id);
    document.steps = record.steps;
    document.moveTo(record.position);
    document.selectedIds.set(record.selectedIds);
    const states = [document.initial, ...record.steps.map(({ state }) => state)];
    document.savedState = states[record.savedAt] ?? { layers: [], selection: null };
    return document;
  }

  get record(): DocumentRecord {
    const states = [this.initial, ...this.steps.map(({ state }) => state)];
    return {
      id: this.id,
      init: this.init,
      steps: this.steps,
      position: this.position,
      selectedIds: this.selectedIds.value,
      savedAt: states.findIndex(({ layers }) => layers === this.savedState.layers),
    };
  }

  /** Takes one undo step; whatever was undone before is gone, as everywhere. */
  apply(name: string, change: (state: DocumentState) => DocumentState): void {
    this.take({ name, state: change(this.state.value) });
  }

  /**
   * Like `apply`, but joins the last step when that was the same kind of change to the same thing:
   * dragging a slider is one step, not a hundred.
   */
  amend(name: string, thing: string, change: (state: DocumentState) => DocumentState): void {
    const last = this.steps[this.position - 1];
    if (last?.thing === `${name} ${thing}` && this.position === this.steps.length) {
      this.steps = this.steps.slice(0, -1);
      this.position -= 1;
    }
    this.take({ name, thing: `${name} ${thing}`, state: change(this.state.value) });
  }

  /** The names of the steps taken and not undone. */
  get history(): readonly string[] {
    return this.steps.slice(0, this.position).map((step) => step.name);
  }

  get undoName(): string | null {
    return this.steps[this.position - 1]?.name ?? null;
  }

  get redoName(): string | null {
    return this.steps[this.position]?.name ?? null;
  }

  undo(): void {
    this.moveTo(this.position - 1);
  }

  redo(): void {
    this.moveTo(this.position + 1);
  }

  get isModified(): boolean {
    return this.state.value.layers !== this.savedState.layers;
  }

  markSaved(): void {
    this.savedState = this.state.value;
  }

  private take(step: Step): void {
    this.steps = [...this.steps.slice(0, this.position), step];
    this.position += 1;
    this.state.set(step.state);
  }

  private moveTo(position: number): void {
    if (position < 0 || position > this.steps.length) return;
    this.position = position;
    this.state.set(this.steps[position - 1]?.state ?? this.initial);
  }
}
