import { likeness, type Embedding, type FacePlanes, type Identity } from '../faces';
import type { Source } from './readSource';

interface Shown {
  readonly source: Source;
  /** The aligned face as the document will show it. */
  readonly image: FacePlanes;
}

/** Scores results against the faces they were made from, batch by batch; each source is looked at once. */
export function createScorer(identity: Identity) {
  const known = new Map<Source, Embedding>();

  /** @returns 0..1, or `null` where the source is not a face */
  return async (results: readonly Shown[], signal: AbortSignal): Promise<(number | null)[]> => {
    const faces = results.filter(({ source }) => source.placement.face !== null);
    const fresh = [...new Set(faces.map(({ source }) => source))].filter(
      (source) => !known.has(source),
    );
    const pictures = [
      ...fresh.map(({ placement }) => placement.photograph),
      ...faces.map(({ image }) => image),
    ];
    const embeddings = await identity.embed(pictures, signal);
    fresh.forEach((source, i) => known.set(source, embeddings[i]!));
    const scores = new Map(
      faces.map((each, i) => [
        each,
        likeness(known.get(each.source)!, embeddings[fresh.length + i]!),
      ]),
    );
    return results.map((each) => scores.get(each) ?? null);
  };
}
