import { Observable } from '../../../core/observable';
import type { LayeredDocument } from './layeredDocument';

/** The open documents, and which one is in front. */
export class Workspace {
  readonly documents = new Observable<readonly LayeredDocument[]>([]);
  readonly active = new Observable<LayeredDocument | null>(null);
  private readonly listeners = new Set<() => void>();
  private readonly stops = new Map<LayeredDocument, () => void>();

  /** @param options.inFront false opens it without showing it: a picture of an unattended run. */
  open(document: LayeredDocument, options = { inFront: true }): void {
    const stops = [
      document.state.subscribe(() => this.tell()),
      document.selectedIds.subscribe(() => this.tell()),
    ];
    this.stops.set(document, () => stops.forEach((stop) => stop()));
    if (!options.inFront) this.hidden.add(document);
    else this.documents.update((documents) => [...documents, document]);
    if (options.inFront) this.show(document);
  }

  show(document: LayeredDocument): void {
    this.active.set(document);
    this.tell();
  }

  close(document: LayeredDocument): void {
    this.stops.get(document)?.();
    this.stops.delete(document);
    this.hidden.delete(document);
    this.documents.update((documents) => documents.filter((other) => other !== document));
    if (this.active.value === document) this.active.set(this.documents.value.at(-1) ?? null);
    this.tell();
  }

  find(id: string): LayeredDocument | null {
    const all = [...this.documents.value, ...this.hidden];
    return all.find((document) => document.id === id) ?? null;
  }

  /** Calls back on any change of any document; returns the way to stop. */
  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private readonly hidden = new Set<LayeredDocument>();

  private tell(): void {
    for (const listener of [...this.listeners]) listener();
  }
}
