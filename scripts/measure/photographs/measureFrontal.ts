import { createFaceFinder, opaqueRaster, type FacePlanes } from '../../../bridge-server/faces';
import type { Engine } from '../../../bridge-server/inference/engine';
import type { Likeness } from '../../../bridge-server/operations/parameters';
import { createRandom } from '../../../bridge-server/processor/random';
import { createCosine, embedInner } from './cardIdentity';
import { openPass } from './pass';

export interface FrontalFigures {
  /** Turned faces among those drawn. */
  readonly faces: number;
  /** Means of the mesh's |yaw| of the drawn picture and of its frontalized one. */
  readonly yawBefore: number;
  readonly yawAfter: number;
  /** Mean of the card's identity to the same person's codes turned to the front. */
  readonly identity: number;
}

/** Mesh yaw between which a face counts as turned. */
const [least, most] = [0.35, 0.9];

/** Frontalize on faces that the generator draws turned: seeds 1 … `count`, untruncated. */
export async function measureFrontal(
  engine: Engine,
  modelsFolder: string,
  count: number,
  likeness: Likeness,
): Promise<FrontalFigures> {
  const finder = createFaceFinder(engine);
  const pass = await openPass(engine, modelsFolder, 'frontalize');
  const yawOf = async (face: FacePlanes): Promise<number | null> =>
    (await finder.find(opaqueRaster(face)))[0]?.yaw ?? null;
  const all: Float32Array[] = [];
  const turned: { before: number; after: number; ours: Float32Array; wanted: Float32Array }[] = [];
  for (let seed = 1; seed <= count; seed += 1) {
    const codes = await pass.codesOf(createRandom(seed).normal(pass.styleDim));
    const drawn = await pass.decode(codes);
    all.push(await embedInner(engine, drawn));
    const before = await yawOf(drawn);
    if (before === null || Math.abs(before) < least || Math.abs(before) > most) continue;
    const front = await (likeness === 'fast' ? pass.draw(drawn) : pass.drawFitted(drawn, likeness));
    const after = await yawOf(front);
    if (after === null) continue;
    const wanted = await embedInner(engine, await pass.decode(await pass.edit(codes)));
    turned.push({ before, after, ours: await embedInner(engine, front), wanted });
  }
  const cosine = createCosine(all);
  const mean = (value: (each: (typeof turned)[number]) => number): number =>
    turned.reduce((sum, each) => sum + value(each), 0) / turned.length;
  return {
    faces: turned.length,
    yawBefore: mean(({ before }) => Math.abs(before)),
    yawAfter: mean(({ after }) => Math.abs(after)),
    identity: mean(({ ours, wanted }) => cosine(ours, wanted)),
  };
}
