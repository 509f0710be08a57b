import type { WebSocket } from 'ws';
import { BridgeClient } from '../../plugin/core/bridge/bridgeClient';
import type { BridgeRuntime } from '../../plugin/core/bridge/runtime';
import {
  jobFor,
  listen,
  nodeRuntime,
  randomName,
  startTestServer,
  stopAll,
  until,
  type TestServer,
} from '../support/bridgeServer';

let server: TestServer;
const clients: BridgeClient[] = [];
beforeAll(async () => {
  server = await startTestServer();
});
afterEach(() => clients.splice(0).forEach((client) => client.stop()));
afterAll(stopAll);

/** A client of a host that is there twice has the same instance as the other. */
function clientOf(
  instance: string,
  first = server.url,
): { client: BridgeClient; sockets: WebSocket[] } {
  const sockets: WebSocket[] = [];
  const node = nodeRuntime((socket) => sockets.push(socket));
  let named = false;
  const runtime: BridgeRuntime = {
    ...node,
    randomName: () => {
      if (named) return randomName();
      named = true;
      return instance;
    },
  };
  const client = new BridgeClient(runtime, {
    url: first,
    otherUrls: [server.url],
    client: { name: 'Test', version: '0' },
    tokens: { load: async () => server.token, save: async () => undefined },
  });
  clients.push(client);
  return { client, sockets };
}

const works = async (client: BridgeClient): Promise<void> =>
  void expect((await client.run(jobFor('plain'), listen()).result).patches).toHaveLength(1);

test('where the first way does not lead there the next one is tried, and told', async () => {
  const { client, sockets } = clientOf(randomName(), 'ws://localhost:1/');
  client.start();
  await until(client, 'ready');
  expect(client.url.value).toBe(server.url);
  expect(sockets).toHaveLength(2);
  await works(client);
});

test('"Try now" while it is connected opens nothing', async () => {
  const { client, sockets } = clientOf(randomName());
  client.start();
  await until(client, 'ready');
  for (let i = 0; i < 5; i++) client.start();
  await works(client);
  expect(sockets).toHaveLength(1);
});

test('"Try now" again and again while it connects ends in one connection', async () => {
  const { client, sockets } = clientOf(randomName());
  for (let i = 0; i < 5; i++) client.start();
  await until(client, 'ready');
  await works(client);
  const open = sockets.filter((socket) => socket.readyState === socket.OPEN);
  expect(open).toHaveLength(1);
  const opened = sockets.length;
  await works(client);
  expect(sockets).toHaveLength(opened);
});

test('one that was replaced says so and does not come back by itself', async () => {
  const instance = randomName();
  const first = clientOf(instance);
  first.client.start();
  await until(first.client, 'ready');
  const second = clientOf(instance);
  second.client.start();
  await until(first.client, 'replaced');
  expect(first.client.state.value).toMatchObject({
    error: { message: 'A newer connection of this host has taken over.' },
  });
  await until(second.client, 'ready');
  await works(second.client);
  expect(first.sockets).toHaveLength(1);
  expect(second.sockets).toHaveLength(1);

  // Asked to, it does; and then the other one says so.
  first.client.start();
  await until(first.client, 'ready');
  await until(second.client, 'replaced');
});
