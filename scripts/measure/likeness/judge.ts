import {
  createIdentity,
  likeness,
  resizePlanes,
  type FacePlanes,
} from '../../../bridge-server/faces';
import { faceModel } from '../../../bridge-server/faces/models';
import type { Engine } from '../../../bridge-server/inference/engine';
import { cosine } from '../photographs/cardIdentity';
import { mean } from './faces';
import { createWitness } from './witness';

/** What three views of a face say of whose it is. */
export interface Judged {
  /** In the product's own alignment: what scores follow from. */
  readonly own: Float32Array;
  /** In pSp's inner crop, as on the card. */
  readonly inner: Float32Array;
  /** By a network that is in no loss. */
  readonly witness: Float32Array;
  /** In years, by that network. */
  readonly age: number;
}

export interface Likenesses {
  /** The card's: cosine of embeddings of the inner crop with the photographs' mean taken away. */
  readonly identity: number;
  readonly distance: number;
  /** What users see. */
  readonly score: number;
  /** The witness's cosine, likewise. */
  readonly witness: number;
}

const innerCrop = { left: 32 / 256, top: 35 / 256, side: 188 / 256 };
const inputSide = 150;

export async function createJudge(engine: Engine, witnessPath: string) {
  const identity = createIdentity(engine);
  const witness = await createWitness(engine, witnessPath);
  return async (face: FacePlanes): Promise<Judged> => {
    const { rgb } = resizePlanes(face, innerCrop, inputSide);
    const image = { data: rgb, shape: [1, 3, inputSide, inputSide] };
    const { embedding } = await engine.run(await faceModel('identity'), { image });
    const [own] = await identity.embed([face]);
    const { features, age } = await witness(face);
    return { own: own!, inner: embedding!.data, witness: features, age };
  };
}

/** Compares faces, with `photographs` as what faces are on average. */
export function createComparison(photographs: readonly Judged[]) {
  const centre = (of: (face: Judged) => Float32Array): Float32Array =>
    of(photographs[0]!).map((_, i) => mean(photographs.map((face) => of(face)[i]!)));
  const innerCentre = centre(({ inner }) => inner);
  const witnessCentre = centre(({ witness }) => witness);
  return (a: Judged, b: Judged): Likenesses => ({
    identity: cosine(a.inner, b.inner, innerCentre),
    distance: Math.hypot(...a.own.map((value, i) => value - b.own[i]!)),
    score: likeness(a.own, b.own),
    witness: cosine(a.witness, b.witness, witnessCentre),
  });
}

export const meanOf = (all: readonly Likenesses[]): Likenesses => ({
  identity: mean(all.map(({ identity }) => identity)),
  distance: mean(all.map(({ distance }) => distance)),
  score: mean(all.map(({ score }) => score)),
  witness: mean(all.map(({ witness }) => witness)),
});
