import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { promisify } from 'node:util';
import { createIdentity, createPartsReader } from '../../bridge-server/faces';
import { createOnnxEngine } from '../../bridge-server/inference/onnxEngine';
import type { Graph } from '../../bridge-server/inference/graph';
import { createModelStore } from '../../bridge-server/models/modelStore';
import { createFitter } from '../../bridge-server/processor/createFitter';
import { createLatentCache } from '../../bridge-server/processor/latentCache';
import { createWarmUp } from '../../bridge-server/processor/createWarmUp';
import type { Figure } from './figure';

interface Networks {
  /** The folder that their package is in. */
  readonly models: string;
  readonly encoder: Graph;
  readonly decoder: Graph;
  /** Of the decoder's input. */
  readonly codes: readonly number[];
}

interface Session {
  readonly first: number;
  readonly second: number;
  readonly blocked: number;
  readonly peak: number;
  /** `null` where the system does not tell. */
  readonly own: number | null;
}

/**
 * The official networks in a process of their own, as the bridge has them: the first click after a start,
 * with both loaded on the way, and the second. An earlier process has saved them for this processor.
 */
export async function benchOfficialSize(networks: Networks): Promise<readonly Figure[]> {
  const session = async (start: Start): Promise<Session> => {
    const order = JSON.stringify(networks);
    const { stdout } = await promisify(execFile)(process.execPath, [__filename, order, start]);
    return JSON.parse(stdout) as Session;
  };
  await session('cold');
  const { first, second, blocked, peak, own } = await session('cold');
  const warmed = await session('warm');
  return [
    { name: 'first click after a start, both networks loaded', value: first, unit: 's' },
    { name: 'first click : second click', value: first / second, unit: '×' },
    {
      name: 'first click : second click, a face found before',
      value: warmed.first / warmed.second,
      unit: '×',
    },
    { name: 'longest block of the inference process', value: blocked, unit: 's' },
    { name: 'peak memory, mapped weights and all', value: peak, unit: 'GB' },
    ...(own === null
      ? []
      : [{ name: 'memory of its own, weights mapped', value: own, unit: 'GB' }]),
  ];
}

/** Whether a face was found, and the networks readied, before the first click. */
type Start = 'cold' | 'warm';

async function clickTwice(
  { models, encoder, decoder, codes }: Networks,
  start: Start,
): Promise<Session> {
  const report = { provider: 'cpu', device: 'CPU', passedOver: [] };
  const engine = createOnnxEngine({ provider: 'cpu', report });
  const filled = (shape: readonly number[]) => ({
    data: new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(0.1),
    shape,
  });
  const click = async (): Promise<number> => {
    const start = performance.now();
    await engine.run(encoder, { image: filled([1, 3, 256, 256]) });
    await engine.run(decoder, { latents: filled(codes) });
    return (performance.now() - start) / 1000;
  };
  if (start === 'warm') {
    const warmUp = createWarmUp({
      engine,
      models: createModelStore(join(models, 'none'), models),
      partsReader: createPartsReader(engine),
      identity: createIdentity(engine),
      fitter: createFitter(engine, createLatentCache(0)),
    });
    await warmUp(() => true);
  }
  const loop = monitorEventLoopDelay({ resolution: 10 });
  loop.enable();
  const first = await click();
  const second = await click();
  loop.disable();
  const status = await readFile('/proc/self/status', 'utf8').catch(() => '');
  const own = /^RssAnon:\s+(\d+) kB$/m.exec(status)?.[1];
  await engine.close();
  return {
    ...{ first, second },
    blocked: loop.max / 1e9,
    peak: process.resourceUsage().maxRSS / 2 ** 20,
    own: own === undefined ? null : Number(own) / 2 ** 20,
  };
}

// The process that `benchOfficialSize` starts.
if (require.main === module) {
  const [order, start] = process.argv.slice(2);
  void clickTwice(JSON.parse(order!) as Networks, start as Start).then((session) =>
    process.stdout.write(JSON.stringify(session)),
  );
}
