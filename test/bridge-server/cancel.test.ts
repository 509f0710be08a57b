import { announcedByFetch } from '../../plugin/core/bridge/messages';
import {
  jobFor,
  randomName,
  startTestServer,
  stopAll,
  type TestServer,
} from '../support/bridgeServer';
import { codeOf, openPeer, type RawPeer } from '../support/rawPeer';

let server: TestServer;
let peer: RawPeer;

beforeAll(async () => {
  server = await startTestServer({ cancelGraceMs: 200 });
});
beforeEach(async () => {
  peer = await openPeer(server);
});
afterEach(() => peer.socket.terminate());
afterAll(stopAll);

const cancel = (job: string) => peer.channel.ask('cancel', { job });

/** The queue is free: a plain job comes through. */
async function expectIdle(): Promise<void> {
  const job = randomName();
  await peer.run(job, jobFor('plain'));
  await peer.event('finished', job);
}

test('before its request has come', async () => {
  const job = randomName();
  await cancel(job);
  expect(await codeOf(peer.run(job, jobFor('plain')))).toBe('CANCELLED');
  await expectIdle();
});

test('while its pixels travel', async () => {
  const job = randomName();
  const { message, payloads } = peer.pack(job, jobFor('plain'));
  const answer = peer.channel.ask('run', message);
  await cancel(job);
  expect(await codeOf(answer)).toBe('CANCELLED');
  // The pixels come late and are dropped; the connection lives.
  await peer.channel.ask('status', { job }, payloads);
  await expectIdle();
});

test('while it waits', async () => {
  const [first, second] = [randomName(), randomName()];
  await peer.run(first, jobFor('hang'));
  await peer.run(second, jobFor('plain'));
  expect((await peer.event('queued', second)).params.place).toBe(1);
  await cancel(second);
  expect((await peer.event('failed', second)).params.error.code).toBe('CANCELLED');
  await cancel(first);
  await expectIdle();
});

test('while it runs: the next job starts as soon as the network call ends', async () => {
  const [first, second] = [randomName(), randomName()];
  await peer.run(first, jobFor('hang'));
  await peer.event('progress', first);
  await peer.run(second, jobFor('plain'));
  await cancel(first);
  await peer.event('finished', second);
  expect(await codeOf(peer.channel.ask('fetch', { job: first }))).toBe('CANCELLED');
});

test('while a network call does not end: its process is ended, the queue goes on', async () => {
  const [first, second] = [randomName(), randomName()];
  const pid = server.processorPid;
  await peer.run(first, jobFor('deaf'));
  await peer.event('progress', first);
  await peer.run(second, jobFor('plain'));
  await cancel(first);
  await peer.event('finished', second);
  expect(server.processorPid).not.toBe(pid);
});

test('after it finished, and while its result travels: the rest never arrives', async () => {
  const job = randomName();
  await peer.run(job, jobFor('heavy'));
  await peer.event('finished', job);
  let bytes = 0;
  const firstChunk = new Promise<void>((resolve) => {
    peer.socket.on('message', (frame: ArrayBuffer, isBinary: boolean) => {
      if (isBinary) bytes += frame.byteLength;
      if (isBinary) resolve();
    });
  });
  peer.channel.ask('fetch', { job }, [], announcedByFetch).catch(() => undefined);
  await firstChunk;
  await cancel(job);
  const arrived = bytes;
  await expectIdle();
  expect(bytes).toBe(arrived);
  expect(arrived).toBeLessThan(16 * 2 ** 20);
  expect(await codeOf(peer.channel.ask('fetch', { job }))).toBe('CANCELLED');
});
