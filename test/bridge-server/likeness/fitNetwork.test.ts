import type { Engine } from '../../../bridge-server/inference/engine';
import { createFitNetwork, fitViews, type FitQuestion } from '../../../bridge-server/likeness';

const plane = 256 * 256;
const question: FitQuestion = {
  picture: new Float32Array(3 * plane),
  known: new Float32Array(plane).fill(1),
  person: new Float32Array(3 * plane),
  scales: [0.25, 0.25, 0.25, 0.25, 0],
  balance: { picture: 1, features: 0.25, identity: 0.5 },
};

/** Answers with the inputs' shapes and one value for the loss. */
function answering(term: number, asked: Record<string, readonly number[]>[] = []): Engine {
  const vector = (...data: number[]) => ({ data: Float32Array.from(data), shape: [data.length] });
  return {
    report: { provider: 'cpu', device: 'none', passedOver: [] },
    run: (_path, inputs) => {
      asked.push(Object.fromEntries(Object.entries(inputs).map(([k, { shape }]) => [k, shape])));
      return Promise.resolve({
        terms: vector(term, 2, 3),
        gradient: { data: new Float32Array(8), shape: [1, 2, 4] },
        image: { data: new Float32Array(3 * plane), shape: [1, 3, 256, 256] },
        mean: vector(0, 0, 0, 0),
        deviation: vector(1, 1, 1, 1),
      });
    },
    release: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}

const graph = (name: string) => ({ path: `${name}.onnx`, sha256: name });

const ask = (engine: Engine) =>
  createFitNetwork(
    engine,
    { fit: graph('fit'), preview: graph('preview'), decoder: graph('decoder') },
    [2, 4],
  ).ask(
    new Float32Array(8),
    new Float32Array(3 * plane),
    question,
    fitViews(256)[0]!,
    new AbortController().signal,
  );

describe('createFitNetwork', () => {
  it('hands the graph what its description says', async () => {
    const asked: Record<string, readonly number[]>[] = [];
    const { terms } = await ask(answering(1, asked));
    expect(terms).toEqual({ picture: 1, features: 2, identity: 3 });
    expect(asked).toEqual([
      {
        latents: [1, 2, 4],
        target: [1, 3, 256, 256],
        known: [1, 1, 256, 256],
        correction: [1, 3, 256, 256],
        person: [1, 3, 256, 256],
        rows: [150, 256],
        columns: [150, 256],
        scales: [5],
        balance: [3],
      },
    ]);
  });

  it('does not go on with what is no number', async () => {
    await expect(ask(answering(NaN))).rejects.toMatchObject({ code: 'INFERENCE_FAILED' });
  });
});
