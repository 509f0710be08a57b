import { createIdentity, createPartsReader } from '../../../bridge-server/faces';
import type { Engine } from '../../../bridge-server/inference/engine';
import { createFitter } from '../../../bridge-server/processor/createFitter';
import { createLatentCache } from '../../../bridge-server/processor/latentCache';
import { createWarmUp } from '../../../bridge-server/processor/createWarmUp';
import { cpuEngine } from '../../support/faces';
import { starterModels } from '../../support/starter';

/* The starter's own networks. */

jest.setTimeout(60_000);

const real = cpuEngine();
let runs: string[] = [];
const engine: Engine = {
  ...real,
  run: (graph, inputs, signal) => {
    const { encoder, decoder, fit } = files;
    const role = { [encoder]: 'encoder', [decoder]: 'decoder', [fit]: 'fit' }[graph.sha256];
    if (!signal?.aborted) runs.push(role ?? graph.path.replace(/.*\//, ''));
    return real.run(graph, inputs, signal);
  },
};
let files = { encoder: '', decoder: '', fit: '' };

beforeAll(async () => {
  const [starter] = (await starterModels.list()).filter(({ name }) => name === 'starter');
  const { encoder, decoder, fit } = starter!.checksums;
  files = { encoder: encoder!, decoder: decoder!, fit: fit! };
});
beforeEach(() => (runs = []));
afterAll(() => real.close());

const open = () =>
  createWarmUp({
    engine,
    models: starterModels,
    partsReader: createPartsReader(engine),
    identity: createIdentity(engine),
    fitter: createFitter(engine, createLatentCache()),
  });

test('every network of a click is run, once', async () => {
  const warm = open();
  await warm(() => true);
  const preview = runs.filter((role) => /^fit-.*\.onnx$/.test(role));
  expect(preview).toHaveLength(1);
  expect(runs.filter((role) => !preview.includes(role))).toEqual([
    'parts.onnx',
    'identity.onnx',
    'encoder',
    'decoder',
    'fit',
  ]);
  runs = [];
  await warm(() => true);
  expect(runs).toEqual([]);
});

test('a job that comes has the networks for itself; the rest is run when it is asked again', async () => {
  const warm = open();
  await warm(() => false);
  expect(runs).toEqual([]);
  await warm(() => runs.length < 2);
  expect(runs).toEqual(['parts.onnx', 'identity.onnx']);
  await warm(() => true);
  expect(runs.at(-1)).toBe('fit');
});

test('where a network cannot be run, it is left to the job to tell', async () => {
  const broken: Engine = { ...engine, run: () => Promise.reject(new Error('no memory')) };
  const warm = createWarmUp({
    engine: broken,
    models: starterModels,
    partsReader: createPartsReader(broken),
    identity: createIdentity(engine),
    fitter: createFitter(engine, createLatentCache()),
  });
  await expect(warm(() => true)).resolves.toBeUndefined();
});
