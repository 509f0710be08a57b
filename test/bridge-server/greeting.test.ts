import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import { BridgeClient } from '../../plugin/core/bridge/bridgeClient';
import type { SocketLike } from '../../plugin/core/bridge/runtime';
import { BridgeChannel } from '../../plugin/core/bridge/channel';
import {
  nodeRuntime,
  startTestServer,
  stopAll,
  until,
  type TestServer,
} from '../support/bridgeServer';
import { clientProof, codeOf, helloOf, openSocket } from '../support/rawPeer';

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
  const code = server.pairingCode();
  // Whatever is tried by whomever, the user's code stays good.
  for (let i = 0; i < 8; i++) {
    client.pair('0000-000X');
    await until(client, 'connecting');
    await until(client, 'not-paired');
  }
  expect(client.state.value).toMatchObject({
    error: { message: expect.stringContaining('"psp-layers pair" shows a new one') },
  });
  // As a person may type it.
  client.pair(` ${code.toLowerCase().replace('-', ' ').replaceAll('0', 'o')}`);
  await until(client, 'ready');
  expect(kept).toBe(server.token);
  client.stop();

  const later = clientWith(
    async () => kept,
    () => undefined,
  );
  later.start();
  await until(later, 'ready');
  expect((await later.pairingCode()).code).toMatch(/^[0-9A-Z]{4}-[0-9A-Z]{4}$/);
  later.stop();
});

test("the page's address pairs once", async () => {
  const code = new URL(server.pageUrl()).hash.replace('#pair=', '');
  const client = clientWith(
    async () => null,
    () => undefined,
  );
  client.pair(code, 'page');
  await until(client, 'ready');
  client.stop();

  const late = clientWith(
    async () => null,
    () => undefined,
  );
  late.pair(code, 'page');
  await until(late, 'not-paired');
  late.stop();
});

test('a wrong proof is refused, and the connection with it; so is a right one of elsewhere', async () => {
  const hello = helloOf();
  for (const prove of [
    (nonce: string) =>
      clientProof({ ...server, url: server.url, token: 'x'.repeat(43) }, hello, nonce),
    (nonce: string) => clientProof({ url: 'ws://localhost:1/', token: server.token }, hello, nonce),
    () => clientProof({ url: server.url, token: server.token }, hello, 'n'.repeat(32)),
  ]) {
    const socket = await openSocket(server);
    const channel = new BridgeChannel(
      socket as SocketLike,
      nodeRuntime().timers,
      () => undefined,
      () => undefined,
    );
    const { nonce } = (await channel.ask('hello', hello)).result;
    const closed = once(socket, 'close');
    expect(
      await codeOf(
        channel.ask('prove', { proof: prove(nonce), compact: undefined, sparse: undefined }),
      ),
    ).toBe('NOT_PAIRED');
    expect((await closed)[0]).toBe(4401);
  }
});

test('a program that took the port learns nothing: the client says no more than hello', async () => {
  const heard: string[] = [];
  const thief = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  thief.on('connection', (socket) =>
    socket.on('message', (frame: Buffer) => {
      heard.push(frame.toString());
      const { id } = JSON.parse(frame.toString()) as { id: number };
      const result = {
        protocol: 2,
        server: { name: 'Thief', version: '1' },
        nonce: 'n'.repeat(32),
        proof: '0'.repeat(64),
      };
      socket.send(JSON.stringify({ id, result }));
    }),
  );
  await once(thief, 'listening');
  const { port } = thief.address() as AddressInfo;
  const client = new BridgeClient(nodeRuntime(), {
    url: `ws://localhost:${port}/`,
    client: { name: 'Test', version: '0' },
    tokens: { load: async () => server.token, save: async () => undefined },
  });
  client.start();
  await until(client, 'not-paired');
  expect(client.state.value).toMatchObject({
    error: { message: expect.stringContaining('could not prove to be the bridge server') },
  });
  expect(heard).toHaveLength(1);
  expect(heard[0]).not.toContain(server.token);
  client.stop();
  thief.close();
});

test.each([
  [
    3,
    'Raw 0 speaks protocol 3, the bridge server 0.0.0-test protocol 2. Update the pSp Layers bridge server.',
  ],
  [1, 'Raw 0 speaks protocol 1, the bridge server 0.0.0-test protocol 2. Update the Raw.'],
])('protocol %i ends in a sentence that says what to update', async (protocol, sentence) => {
  const socket = await openSocket(server);
  let reason = '';
  const channel = new BridgeChannel(
    socket as SocketLike,
    nodeRuntime().timers,
    () => undefined,
    (error) => (reason = error.message),
  );
  const hello = channel.ask('hello', { ...helloOf(), protocol });
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
