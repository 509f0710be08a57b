import { resizePlanes, type FacePlanes } from '../../../bridge-server/faces';
import { faceModel } from '../../../bridge-server/faces/models';
import type { Engine } from '../../../bridge-server/inference/engine';

/** What the card's identity looks at: pSp's crop of an aligned face for its identity loss. */
const innerCrop = { left: 32 / 256, top: 35 / 256, side: 188 / 256 };
const inputSide = 150;

export async function embedInner(engine: Engine, face: FacePlanes): Promise<Float32Array> {
  const { rgb } = resizePlanes(face, innerCrop, inputSide);
  const image = { data: rgb, shape: [1, 3, inputSide, inputSide] };
  const { embedding } = await engine.run(await faceModel('identity'), { image });
  return embedding!.data;
}

/** The card's identity: cosine of two embeddings from which the mean of all photographs' is taken away. */
export function createCosine(
  photographs: readonly Float32Array[],
): (a: Float32Array, b: Float32Array) => number {
  const centre = photographs[0]!.map(
    (_, i) => photographs.reduce((sum, each) => sum + each[i]!, 0) / photographs.length,
  );
  return (a, b) => cosine(a, b, centre);
}

/** Of two vectors as they are seen from `centre`. */
export function cosine(a: Float32Array, b: Float32Array, centre: Float32Array): number {
  let [product, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i += 1) {
    const [x, y] = [a[i]! - centre[i]!, b[i]! - centre[i]!];
    product += x * y;
    aa += x * x;
    bb += y * y;
  }
  return product / Math.sqrt(aa * bb);
}
