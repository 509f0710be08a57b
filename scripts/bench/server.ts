import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import type { BridgeClient } from '../../plugin/core/bridge/bridgeClient';
import { ensureToken } from '../../bridge-server/pairing/token';
import { startServer, type RunningServer } from '../../bridge-server/serve';
import { connectCounted, silent, squareJob } from './bridgeClients';
import { fastest, type Figure } from './figure';

/** Layers as cameras and scanners make them; the face is a quarter of the shorter side. */
const layers = [
  { megapixels: 12, width: 4000, height: 3000 },
  { megapixels: 50, width: 8660, height: 5773 },
  { megapixels: 100, width: 12247, height: 8165 },
  { megapixels: 200, width: 17320, height: 11547 },
];
/** What a layer shows, and the operation by which the echo makes it so. */
const results = [
  ['a face', 'reconstruct'],
  ['a head', 'edit'],
] as const;
/** What hosts send to have faces found. */
const previewSide = 1024;
const clientCounts = [1, 4, 16];
const jobsInAll = 96;
const smallSide = 256;
const runs = 9;

/** The bridge without inference: what a click costs beside it, what it moves, and how many it takes. */
export async function benchServer(): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'psp-layers-bench-'));
  const unused = (): Promise<never> => Promise.reject(new Error('not in this bench'));
  const server = await startServer({
    version: 'bench',
    userFolder: folder,
    storage: { createUpload: unused, importFile: unused, remove: unused },
    installPlugIn: unused,
    log: pino({ level: 'silent' }),
    port: 0,
    processorEntry: join(__dirname, 'echoProcessor'),
    pageFolder: folder,
  });
  try {
    const token = await ensureToken(folder);
    return [
      ...(await benchClicks(server, token)),
      ...(await benchThroughput(server, token)),
      await benchCancel(server, token),
    ];
  } finally {
    await server.stop(0);
    await rm(folder, { recursive: true });
  }
}

async function benchClicks(server: RunningServer, token: string): Promise<Figure[]> {
  const { client, traffic } = await connectCounted(server.port, token);
  const figures: Figure[] = [];
  for (const { megapixels, width, height } of layers) {
    const scale = previewSide / width;
    const preview = { width: previewSide, height: Math.round(height * scale) };
    const data = new Uint8Array(preview.width * preview.height * 4).fill(255);
    for (const [what, operation] of results) {
      const request = squareJob(Math.round(height / 4), { operation });
      const before = { ...traffic };
      let clicks = 0;
      const milliseconds = await fastest(runs, async () => {
        clicks++;
        await client.findFaces({ ...preview, data });
        const run = client.run(request, silent);
        await run.result;
        run.forget();
      });
      const sent = (traffic.sent - before.sent) / clicks;
      const received = (traffic.received - before.received) / clicks;
      const name = `click on ${megapixels} megapixels, ${what}`;
      figures.push(
        { name: `${name}, beside inference`, value: milliseconds, unit: 'ms' },
        { name: `${name}, sent`, value: sent / 1e6, unit: 'MB' },
        { name: `${name}, received`, value: received / 1e6, unit: 'MB' },
        {
          name: `${name}, moved of the layer`,
          value: ((sent + received) / (width * height * 4)) * 100,
          unit: '%',
        },
      );
    }
  }
  client.stop();
  return figures;
}

async function benchThroughput(server: RunningServer, token: string): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const count of clientCounts) {
    const connected = await Promise.all(
      Array.from({ length: count }, () => connectCounted(server.port, token)),
    );
    const request = squareJob(smallSide);
    let slowestWait = Infinity;
    const milliseconds = await fastest(2, async () => {
      const waits = await Promise.all(
        connected.map(({ client }) => slowestOf(client, request, jobsInAll / count)),
      );
      slowestWait = Math.min(slowestWait, Math.max(...waits));
    });
    for (const { client } of connected) client.stop();
    const name = `jobs of ${smallSide}² without inference, ${count} client${count > 1 ? 's' : ''}`;
    figures.push(
      { name, value: jobsInAll / (milliseconds / 1000), unit: 'per second' },
      { name: `${name}, slowest wait`, value: slowestWait, unit: 'ms' },
    );
  }
  return figures;
}

/** Jobs of one client one after the other: how long it waited for the slowest, in milliseconds. */
async function slowestOf(
  client: BridgeClient,
  request: ReturnType<typeof squareJob>,
  jobs: number,
): Promise<number> {
  let slowest = 0;
  for (let job = 0; job < jobs; job++) {
    const start = performance.now();
    const run = client.run(request, silent);
    await run.result;
    run.forget();
    slowest = Math.max(slowest, performance.now() - start);
  }
  return slowest;
}

/** From the cancel of a job at work to the next job's result. */
async function benchCancel(server: RunningServer, token: string): Promise<Figure> {
  const { client } = await connectCounted(server.port, token);
  const next = squareJob(8);
  let best = Infinity;
  for (let i = 0; i < runs; i++) {
    await new Promise<void>((started) => {
      const run = client.run(squareJob(8, { model: 'until-cancelled' }), {
        ...silent,
        onProgress: () => {
          const waiting = client.run(next, silent);
          const start = performance.now();
          run.cancel();
          void waiting.result.then(() => {
            best = Math.min(best, performance.now() - start);
            waiting.forget();
            started();
          });
        },
      });
    });
  }
  client.stop();
  return { name: 'from a cancel to the next job done', value: best, unit: 'ms' };
}
