import type { PhotoshopDocument, PhotoshopLayer } from '../api';

/** A history state that we made. */
interface State {
  /** The state whose pixels all layers still have that we did not rewrite since. */
  readonly origin: string;
  /** By layer: which of our rewritings it holds. */
  readonly rewritten: ReadonlyMap<number, number>;
}

/**
 * Tells whether a layer's pixels may have changed. Photoshop says it by document only: any history
 * state may have touched any layer. What we did ourselves is known not to have touched the others, so
 * that faces once found stay found while results are made and mixed.
 */
export class Revisions {
  private readonly states = new Map<string, State>();
  private next = 1;

  of(document: PhotoshopDocument, layer: PhotoshopLayer): string {
    const { origin, rewritten } = this.stateOf(document);
    return `${origin}.${rewritten.get(layer.id) ?? 0}`;
  }

  /** Runs a change of ours. @param touched the one layer whose pixels it rewrites */
  async keep<T>(
    document: PhotoshopDocument,
    touched: PhotoshopLayer | null,
    run: () => Promise<T>,
  ): Promise<T> {
    const { origin, rewritten } = this.stateOf(document);
    const result = await run();
    this.states.set(keyOf(document), {
      origin,
      rewritten: touched ? new Map([...rewritten, [touched.id, this.next++]]) : rewritten,
    });
    return result;
  }

  private stateOf(document: PhotoshopDocument): State {
    const key = keyOf(document);
    return this.states.get(key) ?? { origin: key, rewritten: new Map() };
  }
}

const keyOf = ({ id, activeHistoryState }: PhotoshopDocument): string =>
  `${id}:${activeHistoryState.id}`;
