import { likeness, type Embedding, type FacePlanes, type Identity } from '../faces';
import { sourceImage, type Source } from './readSource';

interface Drawn {
  readonly source: Source;
  readonly image: FacePlanes;
}

/** Scores pictures against the faces they were made from, batch by batch; each source is looked at once. */
export function createScorer(identity: Identity) {
  const known = new Map<Source, Embedding>();

  /** @returns 0..1, or `null` where the source is not a face */
  return async (drawn: readonly Drawn[], signal: AbortSignal): Promise<(number | null)[]> => {
    const faces = drawn.filter(({ source }) => source.placement.face !== null);
    const fresh = [...new Set(faces.map(({ source }) => source))].filter(
      (source) => !known.has(source),
    );
    const pictures = [...fresh.map(sourceImage), ...faces.map(({ image }) => image)];
    const embeddings = await identity.embed(pictures, signal);
    fresh.forEach((source, i) => known.set(source, embeddings[i]!));
    const scores = new Map(
      faces.map((each, i) => [
        each,
        likeness(known.get(each.source)!, embeddings[fresh.length + i]!),
      ]),
    );
    return drawn.map((each) => scores.get(each) ?? null);
  };
}
