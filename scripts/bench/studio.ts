import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createFaceFinder, createIdentity } from '../../bridge-server/faces';
import type { Engine, Tensors } from '../../bridge-server/inference/engine';
import { createOnnxEngine } from '../../bridge-server/inference/onnxEngine';
import { createRemoteEngine } from '../../bridge-server/inference/openInference/remoteEngine';
import { readServerAddress } from '../../bridge-server/inference/openInference/serverAddress';
import { createRoutedEngine } from '../../bridge-server/inference/routedEngine';
import { graphsOf } from '../../bridge-server/models/modelStore';
import { openModelStore } from '../../bridge-server/openProcessor';
import { operations } from '../../bridge-server/operations/registry';
import { createProcessor } from '../../bridge-server/processor/createProcessor';
import { findModel } from '../../bridge-server/processor/findModel';
import { createLatentCache } from '../../bridge-server/processor/latentCache';
import { runToEnd } from '../../bridge-server/processor/runToEnd';
import { openDemoFace } from './demoFace';
import type { Figure } from './figure';
import { runSeats } from './seat';

const [clicks, faceSide] = [3, 500];
const [seats, jobsPerSeat] = [8, 3];

/**
 * Networks on this machine against those on an inference server: PSP_LAYERS_INFERENCE where it is set, and
 * otherwise a stub in a process of its own that runs the same networks by ONNX Runtime.
 */
export async function benchStudio(): Promise<readonly Figure[]> {
  const named = process.env['PSP_LAYERS_INFERENCE'];
  const stub = named ? null : fork(join(__dirname, 'inferenceServer'));
  try {
    const address = named ?? String(((await once(stub!, 'message')) as unknown[])[0]);
    const where = named ? `server ${new URL(named).host}` : 'stub server';
    return [...(await benchCalls(address, where)), ...(await benchSeats(address, where))];
  } finally {
    stub?.disconnect();
  }
}

interface Calls {
  fastestMs: number;
  up: number;
  down: number;
}

/** An engine whose calls are timed, and the bytes of their tensors counted, by network. */
function watched(engine: Engine): { readonly engine: Engine; readonly calls: Map<string, Calls> } {
  const calls = new Map<string, Calls>();
  const run: Engine['run'] = async (graph, inputs, signal) => {
    const start = performance.now();
    const outputs = await engine.run(graph, inputs, signal);
    const milliseconds = performance.now() - start;
    const { fastestMs, up, down } = calls.get(graph.sha256) ?? noCalls;
    calls.set(graph.sha256, {
      fastestMs: Math.min(fastestMs, milliseconds),
      up: up + bytesOf(inputs),
      down: down + bytesOf(outputs),
    });
    return outputs;
  };
  return { engine: { ...engine, run }, calls };
}

const noCalls: Calls = { fastestMs: Infinity, up: 0, down: 0 };

const bytesOf = (tensors: Tensors): number =>
  Object.values(tensors).reduce((sum, { data }) => sum + data.byteLength, 0);

async function benchCalls(address: string, where: string): Promise<Figure[]> {
  const server = await readServerAddress({ ...process.env, PSP_LAYERS_INFERENCE: address });
  const report = { provider: 'cpu', device: 'CPU', passedOver: [] };
  const local = createOnnxEngine({ provider: 'cpu', report });
  const remote = createRemoteEngine(server!);
  const models = openModelStore();
  const served = new Set((await models.list()).flatMap(graphsOf).map(({ sha256 }) => sha256));
  const faces = createFaceFinder(local);
  const identity = createIdentity(local);
  const open = (engine: Engine) => {
    const { calls, engine: networks } = watched(engine);
    const routed = createRoutedEngine(local, networks, ({ sha256 }) => !served.has(sha256));
    const latents = createLatentCache(0);
    const parts = { operations, engine: routed, models, faces, identity, latents };
    return { calls, processor: createProcessor(parts) };
  };
  const [here, there] = [open(local), open(remote)];
  const region = await (await openDemoFace(here.processor))(faceSide);
  const click = async (likeness: string, { processor }: typeof here): Promise<void> => {
    const job = {
      ...{ operation: 'reconstruct', model: null },
      ...{ parameters: { likeness }, regions: [region] },
    };
    const { signal } = new AbortController();
    await runToEnd(processor, job, { signal, onProgress: () => undefined });
  };
  try {
    // In turns: what else the machine is doing meets both.
    for (let i = 0; i < clicks; i += 1)
      for (const side of [here, there]) await click('close', side);
    const model = findModel(await models.list(), operations.find('reconstruct'), null);
    const times = (['encoder', 'decoder', 'fit'] as const).flatMap((role): Figure[] => {
      const name = role === 'fit' ? 'fit step' : role;
      const [a, b] = [here, there].map(({ calls }) => calls.get(model.checksums[role]!)!);
      return [
        { name: `${name}, this machine`, value: a!.fastestMs, unit: 'ms' },
        { name: `${name}, ${where}`, value: b!.fastestMs, unit: 'ms' },
      ];
    });
    const moved: Figure[] = [];
    for (const likeness of ['fast', 'close']) {
      there.calls.clear();
      await click(likeness, there);
      const all = [...there.calls.values()];
      const megabytes = (way: 'up' | 'down'): number =>
        all.reduce((sum, calls) => sum + calls[way], 0) / 1e6;
      moved.push(
        { name: `a face, likeness ${likeness}, up`, value: megabytes('up'), unit: 'MB' },
        { name: `a face, likeness ${likeness}, down`, value: megabytes('down'), unit: 'MB' },
      );
    }
    return [...times, ...moved];
  } finally {
    await Promise.all([local.close(), remote.close()]);
  }
}

async function benchSeats(address: string, where: string): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const [name, inference] of [
    ['each alone', ''],
    [where, address],
  ] as const) {
    const env = { ...process.env, PSP_LAYERS_PROVIDER: 'cpu', PSP_LAYERS_INFERENCE: inference };
    const { reports, seconds } = await runSeats(seats, jobsPerSeat, env);
    const waits = reports.flatMap(({ waitsMs }) => waitsMs);
    const cpu = reports.reduce((sum, { cpuMs }) => sum + cpuMs, 0) / seats;
    const all = `${seats} seats, ${name}`;
    figures.push(
      { name: all, value: waits.length / seconds, unit: 'jobs a second' },
      { name: `${all}, slowest wait`, value: Math.max(...waits) / 1000, unit: 's' },
      { name: `${all}, a seat's processor time`, value: cpu, unit: 'ms a job' },
    );
  }
  return figures;
}
