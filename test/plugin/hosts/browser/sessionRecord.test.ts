import type { Raster } from '../../../../protocol/raster';
import type { Job } from '../../../../plugin/core/job';
import type { DocumentRecord } from '../../../../plugin/hosts/browser/document/layeredDocument';
import {
  fitSession,
  type SessionRecord,
} from '../../../../plugin/hosts/browser/keep/sessionRecord';

/* What is left out of a session that is too large: results first, then undo steps, the oldest of each. */

const job = (id: number): Job => ({ id }) as Job;
/** What a step's layer holds. */
const pixels = new Map(['a', 'b', 'c', 'undone', 'one'].map((name) => [name, {} as Raster]));
const layerOf = (name: string) => ({ kind: 'pixel', pixels: pixels.get(name) });
const documentOf = (steps: readonly string[], position: number, savedAt: number): DocumentRecord =>
  ({
    id: 'd',
    init: { layers: [] },
    steps: steps.map((name) => ({ name, state: { layers: [layerOf(name)] } })),
    position,
    savedAt,
  }) as unknown as DocumentRecord;

const session: SessionRecord = {
  version: 2,
  documents: [
    documentOf(['a', 'b', 'c', 'undone'], 3, 2),
    documentOf(['one'], 1, 0),
    documentOf([], 0, 0),
  ],
  active: 'd',
  jobs: [1, 2, 3].map(job),
  chosen: [
    [1, 'layer 1'],
    [3, 'layer 3'],
  ],
  revisions: [...pixels].map(([name, own]) => [own, name] as const),
};

/** Every result and every step takes one. */
const sizeOf = ({ jobs, documents }: SessionRecord): number =>
  jobs.length + documents.reduce((sum, { steps }) => sum + steps.length, 0);
const fitInto = (limit: number) => fitSession(session, (record) => sizeOf(record) <= limit);

test('what fits is kept as it is', () => {
  expect(fitInto(8)).toEqual({ record: session, leftOut: { results: 0, undoSteps: 0 } });
});

test('the oldest results go first, no more than must, and what was chosen of them', () => {
  const { record, leftOut } = fitInto(6)!;
  expect(leftOut).toEqual({ results: 2, undoSteps: 0 });
  expect(record.jobs).toEqual([job(3)]);
  expect(record.chosen).toEqual([[3, 'layer 3']]);
  expect(record.documents).toBe(session.documents);
});

test('then the oldest undo steps; what is shown and what was undone stay', () => {
  const { record, leftOut } = fitInto(4)!;
  expect(leftOut).toEqual({ results: 3, undoSteps: 1 });
  // It was saved after the second of its steps, which is now the first.
  expect(record.documents[0]).toEqual(documentOf(['b', 'c', 'undone'], 2, 1));
  expect(record.documents.slice(1)).toEqual(session.documents.slice(1));
  // Or what the step held would be kept for its name.
  expect(record.revisions.map(([, name]) => name)).toEqual(['b', 'c', 'undone', 'one']);
  // The state that was saved is no more.
  expect(fitInto(3)!.record.documents[0]).toEqual(documentOf(['c', 'undone'], 1, -1));
});

test('documents that are too large by themselves are not kept at all', () => {
  expect(fitInto(2)).toBeNull();
});
