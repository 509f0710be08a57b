import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FacePlanes } from '../../../bridge-server/faces';
import type { Engine } from '../../../bridge-server/inference/engine';
import type { Likeness } from '../../../bridge-server/operations/parameters';
import { mean, readPhotographs, type Photograph } from './faces';
import { createComparison, createJudge, meanOf, type Judged, type Likenesses } from './judge';
import { createBench, text } from './measureLikeness';

/** What a measure on photographs is asked. */
export interface Asked {
  readonly engine: Engine;
  /** Folder of the packages. */
  readonly models: string;
  /** Folder of the photographs. */
  readonly folder: string;
  readonly level: Likeness;
  /** Names of those that are measured; all of the folder say what faces are on average. */
  readonly only: RegExp;
  readonly log: (line: string) => void;
}

/** How much a result is the photograph's person, and numbers of the measure's own. */
export type Row<N extends string> = Likenesses & Readonly<Record<N, number>>;

export interface Measured<N extends string> {
  readonly bench: ReturnType<typeof createBench>;
  readonly photograph: Photograph;
  /** Says what a result is like: its face is compared with the photograph's own. */
  add(name: string, face: FacePlanes, own: Readonly<Record<N, number>>): Promise<void>;
}

/**
 * Works through a folder of photographs, and logs a line for every result and for the means.
 * @param codes whether codes of the same face are fitted once or each time
 * @param inWords the measure's own numbers
 * @returns the means, by the results' names
 */
export async function measureEach<N extends string>(
  { engine, models, folder, only, log }: Asked,
  codes: 'remembering' | 'afresh',
  names: readonly N[],
  inWords: (row: Row<N>) => string,
  measure: (measured: Measured<N>) => Promise<void>,
): Promise<Readonly<Record<string, Row<N>>>> {
  const bench = createBench(engine, models, codes);
  const judge = await createJudge(engine, join(tmpdir(), 'faceres.onnx'));
  const photographs = await readPhotographs(bench.finder, folder);
  const judged: Judged[] = [];
  for (const { aligned } of photographs) judged.push(await judge(aligned));
  const compare = createComparison(judged);
  const rows = new Map<string, Row<N>[]>();
  const lineOf = (row: Row<N>): string => `${text(row)}, ${inWords(row)}`;
  for (const [i, photograph] of photographs.entries()) {
    if (!only.test(photograph.name)) continue;
    await measure({
      bench,
      photograph,
      async add(name, face, own) {
        const row = { ...compare(judged[i]!, await judge(face)), ...own };
        rows.set(name, [...(rows.get(name) ?? []), row]);
        log(`${name}, ${photograph.name}: ${lineOf(row)}`);
      },
    });
  }
  const means = [...rows].map(([name, all]): [string, Row<N>] => {
    const own = Object.fromEntries(names.map((key) => [key, mean(all.map((row) => row[key]))]));
    const row = { ...meanOf(all), ...(own as Record<N, number>) };
    log(`${name}: ${lineOf(row)}`);
    return [name, row];
  });
  return Object.fromEntries(means);
}
