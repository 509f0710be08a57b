import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';

/** A graph that takes one tensor and gives one, run by onnxruntime on the CPU. */
export async function openGraph(
  model: string | Uint8Array,
): Promise<(data: Float32Array, shape: readonly number[]) => Promise<Float32Array>> {
  // Two overloads that TypeScript does not join.
  const session = await (typeof model === 'string'
    ? InferenceSession.create(model)
    : InferenceSession.create(model));
  return async (data, shape) => {
    const [input] = session.inputNames;
    const [output] = session.outputNames;
    const results = await session.run({ [input!]: new Tensor('float32', data, [...shape]) });
    return results[output!]!.data as Float32Array;
  };
}

export function largestDifference(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) return Infinity;
  return a.reduce((largest, value, i) => Math.max(largest, Math.abs(value - b[i]!)), 0);
}

/** A folder that is removed when `use` is done. */
export async function withFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'psp-layers-test-'));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
