import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectClient, stopAll } from '../support/bridgeServer';
import { startServerProcess, type ServerProcess } from '../support/serverProcess';
import { makeSmallDisk, type SmallDisk } from '../support/smallDisk';

let disk: SmallDisk | null;
let server: ServerProcess | undefined;
beforeAll(() => {
  disk = makeSmallDisk(2);
});
afterEach(async () => {
  await stopAll();
  await server?.stop();
});
afterAll(() => disk?.remove());

async function health(): Promise<unknown> {
  const response = await fetch(`http://127.0.0.1:${server!.port}/health`);
  return response.json();
}

test('a full disk under the log: the server answers, says later what is missing, and ends when asked', async () => {
  if (!disk) return;
  server = await startServerProcess({ PSP_LAYERS_HOME: disk.folder });
  disk.fill();
  for (let i = 0; i < 60; i++) {
    const client = await connectClient(server);
    client.stop();
  }
  expect(await health()).toMatchObject({ service: 'psp-layers' });
  disk.drain();
  (await connectClient(server)).stop();
  const log = readFileSync(join(disk.folder, 'bridge.log'), 'utf8');
  expect(log).toMatch(/"\d+ lines could not be written here"/);
  disk.fill();
  (await connectClient(server)).stop();
  expect(await server.stop()).toBe(0);
  disk.drain();
});

test('a full disk at the first start: no half token is left behind', async () => {
  if (!disk) return;
  disk.fill();
  const home = join(disk.folder, 'fresh');
  await expect(startServerProcess({ PSP_LAYERS_HOME: home })).rejects.toThrow('the disk is full');
  expect(existsSync(join(home, 'token'))).toBe(false);
  disk.drain();
  server = await startServerProcess({ PSP_LAYERS_HOME: home });
  expect(server.token).toMatch(/^[A-Za-z0-9_-]{43}$/);
});
