import type { Engine } from '../inference/engine';
import { faceModel } from './models';
import { resizePlanes } from './planes';
import type { Crop, FacePlanes } from './planes';

/** What a person's face is to the network: 128 numbers, near those of the same person's other faces. */
export type Embedding = Float32Array;

export interface Identity {
  /**
   * Aligned faces in one batch.
   * @throws PspError INFERENCE_FAILED, CANCELLED
   */
  embed(faces: readonly FacePlanes[], signal?: AbortSignal): Promise<readonly Embedding[]>;
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
  return {
    async embed(faces, signal) {
      if (faces.length === 0) return [];
      const inputs = faces.map((face) => resizePlanes(face, faceCrop, inputSize));
      const data = new Float32Array(faces.length * 3 * inputSize * inputSize);
      inputs.forEach(({ rgb }, i) => data.set(rgb, i * rgb.length));
      const { embedding } = await engine.run(
        await faceModel('identity'),
        { image: { data, shape: [faces.length, 3, inputSize, inputSize] } },
        signal,
      );
      const length = embedding!.data.length / faces.length;
      return faces.map((_, i) => embedding!.data.slice(i * length, (i + 1) * length));
    },
  };
}

/**
 * How alike two faces are as persons, 0..1. From the distance d of their embeddings:
 * 1 / (1 + exp(12 · (d − 0.6))). 0.6 is the network's own border between one person and two and
 * scores 0.5; the same person at another angle (d ≈ 0.36) scores 0.95, another person (0.84) 0.05.
 */
export function likeness(a: Embedding, b: Embedding): number {
  const distance = Math.hypot(...a.map((value, i) => value - b[i]!));
  return 1 / (1 + Math.exp(steepness * (distance - border)));
}
