import type { Raster } from '../../../../protocol/raster';
import type { Job } from '../../../core/job';
import { pixelsOf } from '../document/layer';
import type { DocumentRecord } from '../document/layeredDocument';
import type { Revision } from '../document/revisions';

/** What is kept of a page: its documents with their undo steps, and its results. */
export interface SessionRecord {
  /** Of 1 the results did not know what their layers held before; the documents are the same. */
  readonly version: 1 | 2;
  readonly documents: readonly DocumentRecord[];
  readonly active: string | null;
  /** Oldest first. */
  readonly jobs: readonly Job[];
  readonly chosen: readonly (readonly [number, string])[];
  readonly revisions: readonly Revision[];
}

export interface LeftOut {
  readonly results: number;
  /** Of the document that loses most. */
  readonly undoSteps: number;
}

export interface FittingSession {
  readonly record: SessionRecord;
  readonly leftOut: LeftOut;
}

/**
 * A session with as little left out as makes it fit: its oldest results; if that is not enough, undo steps too, again
 * the oldest. Open documents stay as they are shown.
 * @returns `null` where the documents alone are too large
 */
export function fitSession(
  record: SessionRecord,
  fits: (record: SessionRecord) => boolean,
): FittingSession | null {
  const { length: all } = record.jobs;
  const results = fewest(all, (count) => fits(withoutResults(record, count)));
  if (results !== null) {
    return { record: withoutResults(record, results), leftOut: { results, undoSteps: 0 } };
  }
  const bare = withoutResults(record, all);
  const most = Math.max(0, ...bare.documents.map(stepsToSpare));
  const undoSteps = fewest(most, (count) => fits(withoutSteps(bare, count)));
  if (undoSteps === null) return null;
  return { record: withoutSteps(bare, undoSteps), leftOut: { results: all, undoSteps } };
}

/** The least of 0 … most that will do, where more does too; `null` where even the most does not. */
function fewest(most: number, does: (count: number) => boolean): number | null {
  if (does(0)) return 0;
  if (most === 0 || !does(most)) return null;
  let [tooFew, enough] = [0, most];
  while (enough - tooFew > 1) {
    const middle = (tooFew + enough) >> 1;
    if (does(middle)) enough = middle;
    else tooFew = middle;
  }
  return enough;
}

function withoutResults(record: SessionRecord, count: number): SessionRecord {
  if (count === 0) return record;
  const jobs = record.jobs.slice(count);
  const left = new Set(jobs.map(({ id }) => id));
  return { ...record, jobs, chosen: record.chosen.filter(([id]) => left.has(id)) };
}

/** The pixels of a document as it was opened, and of all its steps. */
export const pixelsOfSteps = ({ init, steps }: DocumentRecord): readonly Raster[] =>
  [init.layers, ...steps.map(({ state }) => state.layers)].flatMap(pixelsOf);

/** The step that made what is shown stays. */
const stepsToSpare = ({ position }: DocumentRecord): number => Math.max(0, position - 1);

/** The first step that is left goes back to the document as it was opened. */
function withoutSteps(record: SessionRecord, count: number): SessionRecord {
  const shorten = (document: DocumentRecord): DocumentRecord => {
    const dropped = Math.min(count, stepsToSpare(document));
    const { steps, position, savedAt } = document;
    return {
      ...document,
      steps: steps.slice(dropped),
      position: position - dropped,
      savedAt: savedAt <= 0 ? savedAt : savedAt <= dropped ? -1 : savedAt - dropped,
    };
  };
  const documents = record.documents.map(shorten);
  const left = new Set(documents.flatMap(pixelsOfSteps));
  return { ...record, documents, revisions: record.revisions.filter(([own]) => left.has(own)) };
}
