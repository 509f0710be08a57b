import fc from 'fast-check';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { WebSocket } from 'ws';
import { encodeChunk } from '../../protocol/chunk';
import { connectClient, grey, stopAll } from '../support/bridgeServer';
import { openPeer } from '../support/rawPeer';
import { startServerProcess, type ServerProcess } from '../support/serverProcess';
import { say } from './say';

let server: ServerProcess;
beforeAll(async () => {
  server = await startServerProcess();
});
afterAll(async () => {
  await stopAll();
  await server.stop();
});

const request = (id: number, method: string, params: object): string =>
  JSON.stringify({ id, method, params });
const pixels = { width: 4, height: 4, depth: 8, stream: 1 };
const valid = [
  request(2, 'status', { job: 'abcdefghijklmnop' }),
  request(3, 'find-faces', { preview: pixels, documentScale: 1 }),
  request(4, 'remove-model', { name: '../../etc' }),
  request(5, 'import-model', { name: 'x', checkpoint: { stream: 2, bytes: 0xffffffff } }),
  request(6, 'hello', { protocol: 2 }),
  request(7, 'prove', { proof: '0'.repeat(64) }),
  request(8, 'latents', { job: 'abcdefghijklmnop', patch: 1023 }),
];
const chunk = encodeChunk(1, new Uint8Array(64), 0);
const frames = fc.oneof(
  fc.string({ maxLength: 200 }),
  fc.json(),
  fc.uint8Array({ maxLength: 200 }),
  fc.constantFrom(...valid).chain((text) => fc.nat(text.length).map((n) => text.slice(0, n))),
  fc.nat(chunk.length).map((n) => chunk.slice(0, n)),
  fc.tuple(fc.nat(15), fc.nat(255)).map(([at, value]) => {
    const broken = chunk.slice();
    broken[at] = value;
    return broken;
  }),
  fc.constantFrom(...valid, chunk),
);

async function greeted(): Promise<WebSocket> {
  const { socket } = await openPeer(server);
  // The peer's channel would end at an answer to what it did not ask.
  socket.onmessage = null;
  return socket;
}

/** Resident memory of the server's process in MiB, where the system tells. */
function residentMiB(): number {
  if (process.platform !== 'linux') return 0;
  const status = readFileSync(`/proc/${server.process.pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)![1]) / 1024;
}

test('1,000 malformed and truncated frames: no crash, no leak, the others are served', async () => {
  const witness = await connectClient(server);
  let socket = await greeted();
  const before = residentMiB();
  let ended = 0;
  for (const frame of fc.sample(frames, 1000)) {
    if (socket.readyState !== socket.OPEN) {
      socket = await greeted();
      ended += 1;
    }
    socket.send(frame);
    // A pong after the frame, or the close that it brought about: either way it was dealt with.
    socket.ping();
    await Promise.race([once(socket, 'pong'), once(socket, 'close')]);
  }
  socket.terminate();
  expect(await witness.findFaces(grey(32, 32).pixels)).toEqual([]);
  expect(server.process.exitCode).toBeNull();
  const grown = Math.round(residentMiB() - before);
  expect(grown).toBeLessThan(150);
  say(`1,000 hostile frames: 0 crashes, ${ended} connections ended, ${grown} MiB more memory`);
}, 120_000);
