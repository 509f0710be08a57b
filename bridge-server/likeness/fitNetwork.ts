import { PspError } from '../../protocol/errors';
import type { Engine, Tensor } from '../inference/engine';
import type { Graph } from '../inference/graph';
import { fitSide, type View } from './view';

/** Sides at which the squared error is measured, as the graph has them. */
export const scaleSides = [256, 128, 64, 32, 16] as const;

/** Weights of the three terms. */
export interface Balance {
  /** Squared error per known pixel, summed over the scales. */
  readonly picture: number;
  /** Distance of the identity network's inner maps: features and their places. */
  readonly features: number;
  /** Squared distance of its embeddings: below 0.36 it is the same person. */
  readonly identity: number;
}

/** What codes are asked to show. Pictures are aligned crops, [3, 256, 256] in −1..1. */
export interface FitQuestion {
  readonly picture: Float32Array;
  /** [256, 256], 0..1: how much each pixel counts; 0 in a hole. */
  readonly known: Float32Array;
  /** Whose features and identity are wanted; as a rule the picture itself. */
  readonly person: Float32Array;
  /** A weight for each of `scaleSides`. */
  readonly scales: readonly number[];
  readonly balance: Balance;
}

export interface FitAnswer {
  readonly terms: Balance;
  /** Of the weighted sum, by every code, [nStyles, D]. */
  readonly gradient: Float32Array;
  /** The graph's own picture of the codes, [3, 256, 256], about −1..1, not corrected. */
  readonly image: Float32Array;
  /** Of the generator's W, [D] each. */
  readonly mean: Float32Array;
  readonly deviation: Float32Array;
}

/** The fit graph of a model package (models/training, fit_graph.py) and its decoder as functions. */
export interface FitNetwork {
  /**
   * @param codes [nStyles, D]
   * @param correction [3, 256, 256], added to the graph's own picture before it is compared
   * @throws PspError INFERENCE_FAILED, also where an answer is not a number; CANCELLED, OUT_OF_MEMORY
   */
  ask(
    codes: Float32Array,
    correction: Float32Array,
    question: FitQuestion,
    view: View,
    signal: AbortSignal,
  ): Promise<FitAnswer>;
  /** The graph's own picture of the codes by itself, as `FitAnswer.image`. */
  look(codes: Float32Array, signal: AbortSignal): Promise<Float32Array>;
  /** The decoder's own picture of the codes, shrunk to [3, 256, 256]. */
  draw(codes: Float32Array, signal: AbortSignal): Promise<Float32Array>;
}

/** @param shape [nStyles, D] of the codes */
export function createFitNetwork(
  engine: Engine,
  graphs: { readonly fit: Graph; readonly preview: Graph; readonly decoder: Graph },
  shape: readonly [number, number],
): FitNetwork {
  const side = fitSide;
  return {
    async look(codes, signal) {
      const latents = { data: codes, shape: [1, ...shape] };
      const { image } = await engine.run(graphs.preview, { latents }, signal);
      return image!.data;
    },

    async draw(codes, signal) {
      const latents = { data: codes, shape: [1, ...shape] };
      const { image } = await engine.run(graphs.decoder, { latents }, signal);
      return shrinkPlanes(image!.data, image!.shape.at(-1)!, side);
    },

    async ask(codes, correction, question, view, signal) {
      const { picture, features, identity } = question.balance;
      const outputs = await engine.run(
        graphs.fit,
        {
          latents: { data: codes, shape: [1, ...shape] },
          target: { data: question.picture, shape: [1, 3, side, side] },
          known: { data: question.known, shape: [1, 1, side, side] },
          correction: { data: correction, shape: [1, 3, side, side] },
          person: { data: question.person, shape: [1, 3, side, side] },
          rows: { data: view.rows, shape: [view.side, side] },
          columns: { data: view.columns, shape: [view.side, side] },
          scales: vector(question.scales),
          balance: vector([picture, features, identity]),
        },
        signal,
      );
      const terms = outputs['terms']!.data;
      const gradient = outputs['gradient']!.data;
      if (![...terms, ...gradient].every(Number.isFinite)) {
        throw new PspError(
          'INFERENCE_FAILED',
          'Fitting the face gave no numbers. Use Likeness: fast, or another device.',
        );
      }
      return {
        terms: { picture: terms[0]!, features: terms[1]!, identity: terms[2]! },
        gradient,
        image: outputs['image']!.data,
        mean: outputs['mean']!.data,
        deviation: outputs['deviation']!.data,
      };
    },
  };
}

const vector = (values: readonly number[]): Tensor => ({
  data: Float32Array.from(values),
  shape: [values.length],
});

/** Means of whole blocks of planes [C, from, from], clamped to −1..1 as the layer will be. */
function shrinkPlanes(planes: Float32Array, from: number, to: number): Float32Array {
  const block = from / to;
  const rows = planes.length / from;
  const result = new Float32Array((rows / block) * to);
  for (let y = 0, at = 0; y < rows; y += 1) {
    const row = Math.floor(y / block) * to;
    for (let x = 0; x < from; x += 1, at += 1) {
      const value = Math.min(1, Math.max(-1, planes[at]!));
      result[row + Math.floor(x / block)]! += value / (block * block);
    }
  }
  return result;
}
