import type { PhotoshopDocument, PhotoshopLayer } from '../api';

/**
 * Tells whether a layer's pixels may have changed. Photoshop says it by document only: any history
 * state may have touched any layer. What we did ourselves is known not to have touched the others, so
 * that faces once found stay found while results are made and mixed.
 */
export class Revisions {
  /** Of states that we made: the state whose pixels all earlier layers still have. */
  private readonly origins = new Map<string, string>();
  private readonly rewritten = new Map<string, number>();

  of(document: PhotoshopDocument, layer: PhotoshopLayer): string {
    return `${this.originOf(document)}.${this.rewritten.get(keyOf(document, layer.id)) ?? 0}`;
  }

  /** Runs a change of ours. @param touched the one layer whose pixels it rewrites */
  async keep<T>(
    document: PhotoshopDocument,
    touched: PhotoshopLayer | null,
    run: () => Promise<T>,
  ): Promise<T> {
    const origin = this.originOf(document);
    const result = await run();
    this.origins.set(keyOf(document, document.activeHistoryState.id), origin);
    if (touched) {
      const key = keyOf(document, touched.id);
      this.rewritten.set(key, (this.rewritten.get(key) ?? 0) + 1);
    }
    return result;
  }

  private originOf(document: PhotoshopDocument): string {
    const key = keyOf(document, document.activeHistoryState.id);
    return this.origins.get(key) ?? key;
  }
}

const keyOf = (document: PhotoshopDocument, id: number): string => `${document.id}:${id}`;
