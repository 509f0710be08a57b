import type { Latents } from '../../protocol/latents';
import type { Engine } from '../inference/engine';
import type { Graph } from '../inference/graph';
import { resizePlanes, type FacePlanes } from '../faces';
import { graphOf, previewGraphOf, type ModelPackage } from '../models/modelStore';

/** Floats of decoded picture per run: eight of 256², one of 1024² in RGB. */
const maxDecodedPixels = 2 ** 20;
const maxBatch = 8;
const previewSide = 256;
const wholePicture = { left: 0, top: 0, side: 1 };

/** The three graphs of a model as functions over single pictures. */
export interface Networks {
  /** @param inputs each [C, size, size] in the range the model was trained on */
  encode(inputs: readonly Float32Array[], signal: AbortSignal): Promise<Latents[]>;
  /** z, each [styleDim], N(0, 1) → w, each [styleDim] */
  map(z: readonly Float32Array[], signal: AbortSignal): Promise<Float32Array[]>;
  /** How many codes are decoded in one run. */
  readonly decodeBatch: number;
  /** At most `decodeBatch` codes → [3, S, S] each, about −1..1, not clamped. */
  decode(codes: readonly Latents[], signal: AbortSignal): Promise<Float32Array[]>;
  /** One picture of codes, small and soon: 256² at most, 0..1. */
  preview(codes: Latents, signal: AbortSignal): Promise<FacePlanes>;
}

export function createNetworks(engine: Engine, model: ModelPackage): Networks {
  const { resolution, nStyles, styleDim, input } = model;

  async function run(
    graph: Graph,
    name: string,
    items: readonly Float32Array[],
    itemShape: readonly number[],
    output: string,
    signal: AbortSignal,
  ): Promise<Float32Array[]> {
    const outputs = await engine.run(
      graph,
      { [name]: { data: joined(items), shape: [items.length, ...itemShape] } },
      signal,
    );
    return split(outputs[output]!.data, items.length);
  }

  return {
    async encode(inputs, signal) {
      const shape = [input.channels, input.size, input.size];
      const latents: Latents[] = [];
      for (const batch of batches(inputs, maxBatch)) {
        for (const data of await run(
          graphOf(model, 'encoder'),
          'image',
          batch,
          shape,
          'latents',
          signal,
        )) {
          latents.push({ data, shape: [nStyles, styleDim] });
        }
      }
      return latents;
    },

    async map(z, signal) {
      const w: Float32Array[] = [];
      for (const batch of batches(z, maxBatch)) {
        w.push(...(await run(graphOf(model, 'mapping'), 'z', batch, [styleDim], 'w', signal)));
      }
      return w;
    },

    decodeBatch: Math.max(1, Math.min(maxBatch, Math.floor(maxDecodedPixels / resolution ** 2))),

    decode(codes, signal) {
      const data = codes.map((latents) => latents.data);
      return run(graphOf(model, 'decoder'), 'latents', data, [nStyles, styleDim], 'image', signal);
    },

    async preview({ data, shape }, signal) {
      const graph = previewGraphOf(model) ?? graphOf(model, 'decoder');
      const latents = { data, shape: [1, ...shape] };
      const { image } = await engine.run(graph, { latents }, signal);
      const size = image!.shape[3]!;
      const picture = { size, rgb: toUnit(image!.data) };
      return size > previewSide ? resizePlanes(picture, wholePicture, previewSide) : picture;
    },
  };
}

/** The generator's −1..1, clamped, to 0..1, in place. */
export function toUnit(values: Float32Array): Float32Array {
  for (let i = 0; i < values.length; i++) {
    const value = values[i]! / 2 + 0.5;
    values[i] = value < 0 ? 0 : value > 1 ? 1 : value;
  }
  return values;
}

export function* batches<T>(items: readonly T[], size: number): Generator<readonly T[]> {
  for (let i = 0; i < items.length; i += size) yield items.slice(i, i + size);
}

function joined(items: readonly Float32Array[]): Float32Array {
  if (items.length === 1) return items[0]!;
  const length = items[0]!.length;
  const data = new Float32Array(length * items.length);
  items.forEach((item, i) => data.set(item, i * length));
  return data;
}

/** Copies, so that one picture kept does not keep its whole batch. */
function split(data: Float32Array, count: number): Float32Array[] {
  if (count === 1) return [data];
  const length = data.length / count;
  return Array.from({ length: count }, (_, i) => data.slice(i * length, (i + 1) * length));
}
