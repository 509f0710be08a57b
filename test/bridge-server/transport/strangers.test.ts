import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Strangers } from '../../../bridge-server/transport/strangers';
import {
  connectClient,
  jobFor,
  listen,
  startTestServer,
  stopAll,
  type TestServer,
} from '../../support/bridgeServer';
import { openSocket } from '../../support/rawPeer';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(stopAll);

async function dial(allowHalfOpen = false): Promise<Socket> {
  const socket = connect({ host: '127.0.0.1', port: server.port, allowHalfOpen });
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

/** What a browser sends for a page of another site. */
const foreignUpgrade = (port: number): string =>
  [
    'GET / HTTP/1.1',
    `Host: localhost:${port}`,
    'Origin: https://evil.example',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    '\r\n',
  ].join('\r\n');

async function expectAlive(): Promise<void> {
  const client = await connectClient(server);
  expect((await client.run(jobFor('plain'), listen()).result).patches).toHaveLength(1);
  client.stop();
}

test('refused upgrades that end in a reset', async () => {
  for (let i = 0; i < 50; i++) {
    const socket = await dial();
    socket.write(foreignUpgrade(server.port));
    if (i % 2) await once(socket, 'data');
    socket.resetAndDestroy();
  }
  await expectAlive();
});

test('a reset in the middle of everything else', async () => {
  for (const text of ['', 'GET', 'GET / HTTP/1.1\r\n', '\x16\x03\x01']) {
    const socket = await dial();
    socket.write(text);
    socket.resetAndDestroy();
  }
  await expectAlive();
});

test('a refused socket is closed, also when its peer keeps it half open', async () => {
  const socket = await dial(true);
  socket.write(foreignUpgrade(server.port));
  socket.resume();
  await once(socket, 'end');
  // Its own half is still open here: only the server can end it.
  const closed = new Promise((resolve) => socket.once('close', resolve));
  const heartbeat = setInterval(() => socket.write('x'), 50);
  await closed;
  clearInterval(heartbeat);
});

test('a crowd of silent sockets keeps nobody out', async () => {
  const crowd = await Promise.all([
    ...Array.from({ length: 70 }, () => dial()),
    ...Array.from({ length: 70 }, () => openSocket(server)),
  ]);
  await expectAlive();
  for (const socket of crowd) {
    if ('terminate' in socket) socket.terminate();
    else socket.destroy();
  }
});

test('the oldest stranger makes way; who is known stays', () => {
  const gone: string[] = [];
  const socket = (name: string) => ({ destroy: () => gone.push(name) });
  const strangers = new Strangers(2);
  const [a, b, c, d] = ['a', 'b', 'c', 'd'].map(socket);
  strangers.add(a!);
  strangers.add(b!);
  strangers.delete(a!);
  strangers.add(c!);
  expect(gone).toEqual([]);
  strangers.add(d!);
  expect(gone).toEqual(['b']);
});
