import type { Engine } from '../inference/engine';
import { faceModel } from './models';
import { resizePlanes } from './planes';
import type { Crop, FacePlanes } from './planes';

export interface Identity {
  /**
   * How alike two aligned faces are as persons, 0..1. From the distance d of their 128-d embeddings:
   * 1 / (1 + exp(12 · (d − 0.6))). 0.6 is the network's own border between one person and two and
   * scores 0.5; the same person at another angle (d ≈ 0.36) scores 0.95, another person (0.84) 0.05.
   * @throws PspError INFERENCE_FAILED, CANCELLED
   */
  score(a: FacePlanes, b: FacePlanes, signal?: AbortSignal): Promise<number>;
  /** One source against several results in one batch. */
  scores(
    source: FacePlanes,
    results: readonly FacePlanes[],
    signal?: AbortSignal,
  ): Promise<readonly number[]>;
}

const inputSize = 150;
const border = 0.6;
const steepness = 12;
/**
 * What the network was trained on, within the FFHQ crop: a square of the mean distance between eyes
 * and mouth over 0.45, with their centre at 0.43 of its height (face-api's alignment).
 */
const faceCrop: Crop = { left: 0.18, top: 0.285, side: 0.64 };

export function createIdentity(engine: Engine): Identity {
  const scores: Identity['scores'] = async (source, results, signal) => {
    const faces = [source, ...results].map((face) => resizePlanes(face, faceCrop, inputSize));
    const data = new Float32Array(faces.length * 3 * inputSize * inputSize);
    faces.forEach(({ rgb }, i) => data.set(rgb, i * rgb.length));
    const { embedding } = await engine.run(
      await faceModel('identity'),
      { image: { data, shape: [faces.length, 3, inputSize, inputSize] } },
      signal,
    );
    const length = embedding!.data.length / faces.length;
    const of = (i: number): Float32Array => embedding!.data.subarray(i * length, (i + 1) * length);
    return results.map((_, i) => likeness(distance(of(0), of(i + 1))));
  };
  return {
    scores,
    score: async (a, b, signal) => (await scores(a, [b], signal))[0]!,
  };
}

const distance = (a: Float32Array, b: Float32Array): number =>
  Math.hypot(...a.map((value, i) => value - b[i]!));

const likeness = (d: number): number => 1 / (1 + Math.exp(steepness * (d - border)));
