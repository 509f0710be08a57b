import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { packageFolder } from '../../bridge-server/folders';
import type { Tensor } from '../../bridge-server/inference/engine';
import type { Graph } from '../../bridge-server/inference/graph';
import { cpuThreads, createOnnxEngine } from '../../bridge-server/inference/onnxEngine';
import { createFitNetwork, fitSide, fitViews } from '../../bridge-server/likeness';
import {
  createModelStore,
  fitGraphOf,
  graphOf,
  previewGraphOf,
} from '../../bridge-server/models/modelStore';
import { operations } from '../../bridge-server/operations/registry';
import { findModel } from '../../bridge-server/processor/findModel';
import { fastest, type Figure } from './figure';

const runs = 9;
const starterFolder = join(packageFolder, 'models', 'starter');

/** What `psp_training.time_networks` prints: its PyTorch, and milliseconds. */
interface TorchTimes {
  readonly torch: string;
  readonly encoder: number;
  readonly decoder: number;
  readonly fit: number;
}

/**
 * The starter's networks here and in PyTorch, the same weights on the same cores. `PSP_PYTHON` names a Python
 * that has what models/training/requirements.txt lists; without it there is nothing to compare.
 */
export async function benchTorch(): Promise<readonly Figure[]> {
  const python = process.env['PSP_PYTHON'];
  if (!python) {
    process.stdout.write(
      '  left out: set PSP_PYTHON to a Python with models/training/requirements.txt\n',
    );
    return [];
  }
  const starter = createModelStore(starterFolder, join(starterFolder, 'none'));
  const model = findModel(await starter.list(), operations.find('reconstruct'), null);
  const [encoder, decoder, fit] = [
    graphOf(model, 'encoder'),
    graphOf(model, 'decoder'),
    fitGraphOf(model)!,
  ];
  const { stdout } = await promisify(execFile)(
    python,
    [
      ...['-m', 'psp_training.time_networks', '--threads', String(cpuThreads())],
      ...['--encoder', encoder.path, '--decoder', decoder.path, '--fit', fit.path],
      ...['--identity', join(packageFolder, 'node_modules', '@vladmandic', 'face-api', 'model')],
    ],
    { cwd: join(packageFolder, 'models', 'training') },
  );
  const theirs = JSON.parse(stdout) as TorchTimes;
  const ours = await timeHere({ encoder, decoder, fit, preview: previewGraphOf(model)! });
  return (['encoder', 'decoder', 'fit'] as const).flatMap((name) => {
    const what = name === 'fit' ? 'fit step' : name;
    return [
      { name: what, value: ours[name], unit: 'ms' },
      { name: `${what}, PyTorch ${theirs.torch}`, value: theirs[name], unit: 'ms' },
      { name: `${what}, PyTorch : here`, value: theirs[name] / ours[name], unit: '×' },
    ];
  });
}

async function timeHere(graphs: Record<'encoder' | 'decoder' | 'fit' | 'preview', Graph>) {
  const report = { provider: 'cpu', device: 'CPU', passedOver: [] };
  const engine = createOnnxEngine({ provider: 'cpu', report });
  const { signal } = new AbortController();
  const [nStyles, styleDim] = [23, 512];
  const codes = pattern([1, nStyles, styleDim], 0.3);
  const image = pattern([1, 4, fitSide, fitSide], 1);
  const plane = fitSide * fitSide;
  const picture = image.data.subarray(0, 3 * plane);
  const question = {
    ...{ picture, person: picture, known: new Float32Array(plane).fill(1) },
    scales: [0.2, 0.2, 0.2, 0.2, 0.2],
    balance: { picture: 1, features: 1, identity: 1 },
  };
  const network = createFitNetwork(engine, graphs, [nStyles, styleDim]);
  const noCorrection = new Float32Array(3 * plane);
  const [view] = fitViews(fitSide);
  const time = async (work: () => Promise<unknown>): Promise<number> => {
    await work();
    return fastest(runs, work);
  };
  try {
    return {
      encoder: await time(() => engine.run(graphs.encoder, { image })),
      decoder: await time(() => engine.run(graphs.decoder, { latents: codes })),
      fit: await time(() => network.ask(codes.data, noCorrection, question, view!, signal)),
    };
  } finally {
    await engine.close();
  }
}

function pattern(shape: readonly number[], height: number): Tensor {
  const length = shape.reduce((product, size) => product * size, 1);
  const data = Float32Array.from({ length }, (_, i) => height * (((i * 7919) % 2003) / 1001.5 - 1));
  return { data, shape };
}
