import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readImage } from '../../bridge-server/image/readImage';
import { createModelStore } from '../../bridge-server/models/modelStore';
import { announcedByFetch } from '../../plugin/core/bridge/messages';
import type { RunRequest } from '../../plugin/core/bridge/bridge';
import type { Face } from '../../protocol/face';
import type { Raster } from '../../protocol/raster';
import { serveNetworks, type InferenceServer } from '../../scripts/bench/inferenceServer';
import { connectClient, randomName, stopAll } from '../support/bridgeServer';
import { openPeer, type RawPeer } from '../support/rawPeer';
import { startServerProcess, type ServerProcess } from '../support/serverProcess';

/* The real bridge whose networks run on an inference server that answers when the test lets it. */

const fixtures = resolve(__dirname, '../fixtures');
const atOnce = 4;

let inference: InferenceServer;
let server: ServerProcess;
let photograph: Raster;
let face: Face;
let a: RawPeer;
let b: RawPeer;

/** Lets one held call go on, for each call that is held; `null` while calls are answered at once. */
let held: (() => void)[] | null = null;
let onHeld = (): void => undefined;

/** Waits until the inference server has been called so many times without answering. */
function calls(count: number): Promise<void> {
  return new Promise((done) => {
    onHeld = () => held && held.length >= count && done();
    onHeld();
  });
}

function release(): void {
  for (const go of held?.splice(0) ?? []) go();
  held = null;
}

beforeAll(async () => {
  const before = (): Promise<void> =>
    new Promise((go) => {
      if (!held) return go();
      held.push(go);
      onHeld();
    });
  const store = () => createModelStore('none', join(server.userFolder, 'models')).list();
  inference = await serveNetworks(store, before);
  server = await startServerProcess({ PSP_LAYERS_INFERENCE: inference.address });
  const client = await connectClient(server);
  const checkpoint = join(fixtures, 'psp', 'tiny-encode', 'checkpoint.pt');
  await client.importModel('tiny-encode', new Uint8Array(readFileSync(checkpoint)));
  photograph = await readImage(join(fixtures, 'astronaut.png'));
  face = (await client.findFaces(photograph))[0]!;
});
beforeEach(async () => {
  [a, b] = [await openPeer(server), await openPeer(server)];
  held = [];
});
afterEach(() => {
  release();
  for (const { socket } of [a, b]) socket.terminate();
});
afterAll(async () => {
  await stopAll();
  await server.stop();
  await inference.close();
});

/** A face of its own number in a picture of its own, so that none is answered from the cache. */
function requestFor(faceNumber: number): RunRequest {
  const { width, height } = photograph;
  const data = Uint8Array.from(photograph.data, (value, i) =>
    i % 4 === 3 ? value : Math.max(0, value - faceNumber),
  );
  const bounds = { left: 0, top: 0, right: width, bottom: height };
  const pixels = { width, height, data };
  const region = { bounds, pixels, face, faceNumber, hole: null, latents: null };
  const parameters = { likeness: 'fast' };
  const asked = { operation: 'reconstruct', model: 'tiny-encode', parameters } as const;
  return { ...asked, priority: 'interactive', regions: [region] };
}

const stateOf = async (peer: RawPeer, job: string): Promise<string> =>
  (await peer.channel.ask('status', { job })).result.state;

/** Whose face a job's result shows, once it has ended. */
async function faceOf(peer: RawPeer, job: string): Promise<number | null> {
  await Promise.race([peer.event('finished', job), peer.event('failed', job)]);
  const { result } = await peer.channel.ask('fetch', { job }, [], announcedByFetch);
  return result.patches[0]!.faceNumber;
}

test('two clients: jobs overlap, take turns, are cancelled one by one, and keep their results', async () => {
  const jobs = Array.from({ length: 6 }, randomName);
  const [other, cancelled, last] = [randomName(), jobs[1]!, jobs[4]!];
  for (const [i, job] of jobs.entries()) await a.run(job, requestFor(i + 1));
  await b.run(other, requestFor(7));
  await calls(atOnce);
  expect(await Promise.all(jobs.map((job) => stateOf(a, job)))).toEqual([
    ...Array.from({ length: atOnce }, () => 'running'),
    ...['waiting', 'waiting'],
  ]);
  expect((await b.event('queued', other)).params.place).toBe(atOnce);

  await a.channel.ask('cancel', { job: cancelled });
  expect((await a.event('failed', cancelled)).params.error.code).toBe('CANCELLED');
  // Its place goes to the client that had no turn yet.
  await b.event('progress', other);
  await calls(atOnce + 1);
  expect(await stateOf(a, last)).toBe('waiting');

  release();
  const others = jobs.filter((job) => job !== cancelled);
  expect(await Promise.all(others.map((job) => faceOf(a, job)))).toEqual([1, 3, 4, 5, 6]);
  expect(await faceOf(b, other)).toBe(7);
});

test('the end of the inference process ends all that were in it; what waited runs in the next', async () => {
  const jobs = Array.from({ length: atOnce + 1 }, randomName);
  for (const [i, job] of jobs.entries()) await a.run(job, requestFor(10 + i));
  await calls(atOnce);
  const { pid } = server.process;
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
  process.kill(Number(children.trim().split(' ')[0]), 'SIGKILL');
  for (const job of jobs.slice(0, atOnce)) {
    expect((await a.event('failed', job)).params.error).toMatchObject({
      code: 'OUT_OF_MEMORY',
      retryable: true,
    });
  }
  release();
  expect(await faceOf(a, jobs[atOnce]!)).toBe(10 + atOnce);
});
