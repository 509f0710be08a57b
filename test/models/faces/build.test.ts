import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildFaceModels } from '../../../models/faces/build';
import { readGraph } from '../../../bridge-server/inference/graph';
import type { Engine } from '../../../bridge-server/inference/engine';
import { cpuEngine } from '../../support/faces';

// The networks take seconds where the machine is busy.
jest.setTimeout(60_000);

const folder = join(__dirname, '..', '..', '..', 'models', 'faces');

test('the committed networks are what the script makes of the packages', async () => {
  for (const [name, bytes] of await buildFaceModels()) {
    expect(Buffer.compare(readFileSync(join(folder, name)), bytes)).toBe(0);
  }
});

describe('the networks answer as TensorFlow.js does', () => {
  /*
   * Golden values by @tensorflow/tfjs 4.22.0, CPU backend, from the same packages' model files; the
   * identity network through face-api's own layer code. Sum, sum of magnitudes, and the values at 0,
   * 1, half and the end, for the picture ((3x + 5y + 7c + xy) mod 97) / 96.
   */
  const golden = {
    boxes: { sum: 110080.26, magnitude: 219457.27, at: [-0.05413914, -1.4828, 1.231975, -8.9224] },
    scores: {
      sum: 24.236953,
      magnitude: 24.236953,
      at: [0.03468701, 0.04937766, 0.03823129, 6.817796e-8],
    },
    mesh: { sum: 91680.143, magnitude: 96320.693, at: [98.69477, 121.7295, 33.74392, 7.163297] },
    flag: {
      sum: 0.000077054647,
      magnitude: 0.000077054647,
      at: [0.00007705465, 0.00007705465, 0.00007705465, 0.00007705465],
    },
    embedding: {
      sum: -0.40801049,
      magnitude: 11.895737,
      at: [-0.06517259, 0.123934, 0.1947618, 0.09489829],
    },
  };
  let engine: Engine;
  beforeAll(() => {
    engine = cpuEngine();
  });
  afterAll(() => engine.close());

  test.each([
    ['detector', 256, ['boxes', 'scores']],
    ['mesh', 192, ['mesh', 'flag']],
    ['identity', 150, ['embedding']],
  ] as const)('%s', async (name, size, outputs) => {
    const data = new Float32Array(3 * size * size);
    for (let i = 0; i < data.length; i++) {
      const [x, y, c] = [i % size, Math.floor(i / size) % size, Math.floor(i / size ** 2)];
      data[i] = ((3 * x + 5 * y + 7 * c + x * y) % 97) / 96;
    }
    const results = await engine.run(await readGraph(join(folder, `${name}.onnx`)), {
      image: { data, shape: [1, 3, size, size] },
    });
    for (const output of outputs) {
      const values = [...results[output]!.data];
      const { sum, magnitude, at } = golden[output];
      const close = (a: number, b: number): void =>
        expect(Math.abs(a - b)).toBeLessThan(1e-5 * Math.max(1, magnitude / values.length));
      close(values.reduce((a, b) => a + b, 0) / values.length, sum / values.length);
      close(values.reduce((a, b) => a + Math.abs(b), 0) / values.length, magnitude / values.length);
      const last = values.length - 1;
      [0, Math.min(1, last), Math.floor(values.length / 2), last].forEach((index, i) =>
        close(values[index]!, at[i]!),
      );
    }
  });
});
