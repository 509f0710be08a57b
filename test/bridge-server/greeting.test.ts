import { once } from 'node:events';
import { BridgeClient } from '../../plugin/core/bridgeClient';
import type { SocketLike } from '../../plugin/core/bridgeClientRuntime';
import { BridgeChannel } from '../../plugin/core/bridgeClientChannel';
import {
  nodeRuntime,
  startTestServer,
  stopAll,
  until,
  type TestServer,
} from '../support/bridgeServer';
import { codeOf, helloOf, openSocket } from '../support/rawPeer';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(stopAll);

function clientWith(load: () => Promise<string | null>, save: (token: string) => void) {
  return new BridgeClient(nodeRuntime(), {
    url: server.url,
    client: { name: 'Photoshop panel', version: '0.0.0' },
    tokens: { load, save: async (token) => save(token) },
  });
}

test('Photoshop pairs once by a code, and by the token from then on', async () => {
  let kept: string | null = null;
  const client = clientWith(
    async () => kept,
    (token) => (kept = token),
  );
  client.start();
  await until(client, 'not-paired');
  client.pair('000000x');
  await until(client, 'connecting');
  await until(client, 'not-paired');
  expect(client.state.value).toMatchObject({
    error: { message: expect.stringContaining('"psp-layers pair" shows a new one') },
  });
  client.pair(server.pairingCode());
  await until(client, 'ready');
  expect(kept).toBe(server.token);
  client.stop();

  const later = clientWith(
    async () => kept,
    () => undefined,
  );
  later.start();
  await until(later, 'ready');
  expect((await later.pairingCode()).code).toMatch(/^\d{6}$/);
  later.stop();
});

test("the page's address pairs once", async () => {
  const code = new URL(server.pageUrl()).hash.replace('#pair=', '');
  const client = clientWith(
    async () => null,
    () => undefined,
  );
  client.pair(code);
  await until(client, 'ready');
  client.stop();
});

test('a wrong token is refused, and the connection with it', async () => {
  const socket = await openSocket(server);
  socket.send(JSON.stringify({ id: 1, method: 'hello', params: helloOf('x'.repeat(43)) }));
  expect((await once(socket, 'close'))[0]).toBe(4401);
});

test.each([
  [
    2,
    'Raw 0 speaks protocol 2, the bridge server 0.0.0-test protocol 1. Update the pSp Layers bridge server.',
  ],
])('protocol %i ends in a sentence that says what to update', async (protocol, sentence) => {
  const socket = await openSocket(server);
  let reason = '';
  const channel = new BridgeChannel(
    socket as SocketLike,
    nodeRuntime().timers,
    () => undefined,
    (error) => (reason = error.message),
  );
  const hello = channel.ask('hello', { ...helloOf(server.token), protocol });
  expect(await codeOf(hello)).toBe('WRONG_VERSION');
  await once(socket, 'close');
  expect(reason).toBe(sentence);
});

test('no server: the client says so and finds it when it is there', async () => {
  const gone = await startTestServer();
  await gone.stop(0);
  const client = new BridgeClient(nodeRuntime(), {
    url: gone.url,
    client: { name: 'Test', version: '0' },
    tokens: { load: async () => gone.token, save: async () => undefined },
  });
  client.start();
  await until(client, 'not-running');
  await startTestServer({ port: gone.port, userFolder: gone.userFolder });
  await until(client, 'ready');
  client.stop();
});
