import { copyFile, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readGraph, type Graph } from '../../../bridge-server/inference/graph';
import { createOnnxEngine } from '../../../bridge-server/inference/onnxEngine';
import { savedGraph } from '../../../bridge-server/inference/savedGraph';

// The networks take seconds where the machine is busy.
jest.setTimeout(60_000);

const detector = join(__dirname, '..', '..', '..', 'models', 'faces', 'detector.onnx');
const prefix = 'network.onnx.optimised-';
let folder: string;
let network: Graph;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'psp-layers-saved-'));
  await copyFile(detector, join(folder, 'network.onnx'));
  network = await readGraph(join(folder, 'network.onnx'));
});
afterEach(() => rm(folder, { recursive: true }));

async function run(savedFromBytes: number): Promise<readonly number[]> {
  const report = { provider: 'cpu', device: 'CPU', passedOver: [] };
  const engine = createOnnxEngine({ provider: 'cpu', report, savedFromBytes });
  const data = Float32Array.from({ length: 3 * 256 * 256 }, (_, i) => (i % 97) / 96);
  try {
    const { boxes } = await engine.run(network, {
      image: { data, shape: [1, 3, 256, 256] },
    });
    return [...boxes!.data.slice(0, 100)];
  } finally {
    await engine.close();
  }
}

const savedFolders = async (): Promise<readonly string[]> =>
  (await readdir(folder)).filter((name) => name.startsWith(prefix));

test('a large network answers the same from what was saved of it, and is saved once', async () => {
  const plain = await run(Infinity);
  expect(await savedFolders()).toEqual([]);
  expect(await run(0)).toEqual(plain);
  const saved = await savedFolders();
  expect(saved).toHaveLength(1);
  // The network's own file is not needed any more.
  await writeFile(network.path, 'gone');
  expect(await run(0)).toEqual(plain);
  expect(await savedFolders()).toEqual(saved);
});

test('a saved network that is damaged is left for the plain one, and made anew', async () => {
  const plain = await run(0);
  const [saved] = await savedFolders();
  await writeFile(join(folder, saved!, 'graph.onnx'), 'not a graph');
  expect(await run(0)).toEqual(plain);
  expect(await savedFolders()).toEqual([]);
  expect(await run(0)).toEqual(plain);
  expect(await savedFolders()).toEqual([saved]);
});

test('of a network that was replaced, and of former runtimes, nothing stays', async () => {
  await mkdir(join(folder, `${prefix}0123456789abcdef-1.0.0-0123456789abcdef`));
  await run(0);
  const saved = await savedFolders();
  expect(saved).toHaveLength(1);
  expect(saved[0]).toContain(network.sha256.slice(0, 16));
});

test('where nothing can be saved, nothing is left of the attempt', async () => {
  const original = { path: network.path, sha256: network.sha256, runtime: '1' };
  const full = () => Promise.reject(new Error('no space left on device'));
  expect(await savedGraph(original, full)).toBeNull();
  expect(await readdir(folder)).toEqual(['network.onnx']);
});
