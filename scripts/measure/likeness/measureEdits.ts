import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { alignFace } from '../../../bridge-server/faces';
import type { Engine } from '../../../bridge-server/inference/engine';
import type { Likeness } from '../../../bridge-server/operations/parameters';
import type { ParameterValues } from '../../../protocol/parameter';
import { mean, readPhotographs } from './faces';
import { createComparison, createJudge, meanOf, type Judged, type Likenesses } from './judge';
import { createBench, over, text } from './measureLikeness';

/** A half profile to either side and a broad smile. */
const edits: Readonly<Record<string, ParameterValues>> = {
  'head −20°': { head: -20 },
  'head +20°': { head: 20 },
  'smile 0.6': { smile: 0.6 },
  'smile 1': { smile: 1 },
};

type Row = Likenesses & {
  /** Whether a usable face is found where it was. */
  readonly found: number;
  /** Of the mesh, against the photograph's. */
  readonly yaw: number;
};

/**
 * Likeness of edited photographs, as the document will show them, to the photographs; faces are found
 * again in the result and looked at where they are found.
 * @param only names of those that are edited; all of the folder say what faces are on average
 */
export async function measureEdits(
  engine: Engine,
  models: string,
  folder: string,
  level: Likeness,
  only: RegExp,
  log: (line: string) => void,
): Promise<Readonly<Record<string, Row>>> {
  const bench = createBench(engine, models, 'remembering');
  const judge = await createJudge(engine, join(tmpdir(), 'faceres.onnx'));
  const photographs = await readPhotographs(bench.finder, folder);
  const judged: Judged[] = [];
  for (const { aligned } of photographs) judged.push(await judge(aligned));
  const compare = createComparison(judged);
  const rows = new Map<string, Row[]>();
  for (const [i, photograph] of photographs.entries()) {
    if (!only.test(photograph.name)) continue;
    for (const [name, parameters] of Object.entries(edits)) {
      const patch = await bench.apply('edit', photograph, { ...parameters, likeness: level });
      const edited = over(photograph.pixels, patch);
      const again = (await bench.finder.find(edited)).find(({ refusal }) => refusal === null);
      const face = again ?? photograph.face;
      const likenesses = compare(judged[i]!, await judge(alignFace(edited, face.quad, 256)));
      const yaw = face.yaw - photograph.face.yaw;
      const row = { ...likenesses, found: again ? 1 : 0, yaw };
      rows.set(name, [...(rows.get(name) ?? []), row]);
      log(`${name}, ${photograph.name}: ${lineOf(row)}`);
    }
  }
  const means = [...rows].map(([name, all]): [string, Row] => {
    const found = mean(all.map((row) => row.found));
    const row = { ...meanOf(all), found, yaw: mean(all.map(({ yaw }) => yaw)) };
    log(`${name}: ${lineOf(row)}`);
    return [name, row];
  });
  return Object.fromEntries(means);
}

const lineOf = (row: Row): string =>
  `${text(row)}, yaw ${row.yaw.toFixed(3)}, found ${row.found.toFixed(3)}`;
