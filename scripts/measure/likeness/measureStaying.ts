import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { agreement, measureSide, planesOf, resizeGrid } from '../../../bridge-server/compose';
import { alignFace, resizePlanes, type FacePlanes } from '../../../bridge-server/faces';
import type { Engine } from '../../../bridge-server/inference/engine';
import type { Likeness } from '../../../bridge-server/operations/parameters';
import { cropSide } from '../../../protocol/face';
import type { ParameterValues } from '../../../protocol/parameter';
import { mean, readPhotographs } from './faces';
import { createComparison, createJudge, meanOf, type Judged, type Likenesses } from './judge';
import { createBench, over, text } from './measureLikeness';

/** Edits that leave the forms of a face. */
const edits: Readonly<Record<string, readonly [string, ParameterValues]>> = {
  'light from the side': ['edit', { lightSide: 0.5 }],
  'hard light': ['edit', { hardLight: 0.5 }],
  'lip colour': ['edit', { lips: 0.5 }],
  'fine styles': ['resample-style', { variants: 1, styles: ['fine'] }],
};

/** Where the product's change measure is above this, the photograph is said to stay. */
const unchanged = 0.95;

type Row = Likenesses & {
  /** RMS of the Laplacian after and before, where the change measure is low. */
  readonly detail: number;
};

/** How much of photographs stays when light and colours of their faces are changed. */
export async function measureStaying(
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
    const { pixels, face } = photograph;
    const side = Math.min(1024, Math.round(cropSide(face)));
    const before = alignFace(pixels, face.quad, side);
    for (const [name, [operation, parameters]] of Object.entries(edits)) {
      const patch = await bench.apply(operation, photograph, { ...parameters, likeness: level });
      const after = alignFace(over(pixels, patch), face.quad, side);
      const small = resizePlanes(after, { left: 0, top: 0, side: 1 }, measureSide);
      const row = {
        ...compare(judged[i]!, await judge(small)),
        detail: detailLeft(before, after),
      };
      rows.set(name, [...(rows.get(name) ?? []), row]);
      log(`${name}, ${photograph.name}: ${lineOf(row)}`);
    }
  }
  const means = [...rows].map(([name, all]): [string, Row] => {
    const row = { ...meanOf(all), detail: mean(all.map(({ detail }) => detail)) };
    log(`${name}: ${lineOf(row)}`);
    return [name, row];
  });
  return Object.fromEntries(means);
}

/** Of two pictures of one crop, over the pixels that differ but whose forms are the same. */
function detailLeft(before: FacePlanes, after: FacePlanes): number {
  const { size } = before;
  const whole = { left: 0, top: 0, side: 1 };
  const small = (image: FacePlanes) => planesOf(resizePlanes(image, whole, measureSide));
  const alike = agreement(small(before), small(after));
  const same = resizeGrid({ side: measureSide, planes: [alike] }, size).planes[0]!;
  let [had, has] = [0, 0];
  for (let y = 1; y < size - 1; y++) {
    for (let x = 1; x < size - 1; x++) {
      const at = y * size + x;
      if (same[at]! < unchanged || before.rgb[at] === after.rgb[at]) continue;
      had += laplacian(before, at) ** 2;
      has += laplacian(after, at) ** 2;
    }
  }
  return Math.sqrt(has / had);
}

/** Of the green channel. */
function laplacian({ size, rgb }: FacePlanes, pixel: number): number {
  const at = size * size + pixel;
  return rgb[at - 1]! + rgb[at + 1]! + rgb[at - size]! + rgb[at + size]! - 4 * rgb[at]!;
}

const lineOf = (row: Row): string => `${text(row)}, detail ${row.detail.toFixed(3)}`;
