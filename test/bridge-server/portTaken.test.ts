import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { explainListenError, isPortFree, versionOfBridge } from '../../bridge-server/portTaken';

let stranger: Server;
let port: number;

beforeAll(async () => {
  stranger = createServer((_, response) => response.end('<h1>Hello</h1>')).listen(0, '127.0.0.1');
  await once(stranger, 'listening');
  port = (stranger.address() as AddressInfo).port;
});
afterAll(() => void stranger.close());

const systemError = (code: string) => Object.assign(new Error(`listen ${code}`), { code });

test('another program on the port is told apart from a bridge', async () => {
  expect(await versionOfBridge(port)).toBeNull();
  expect(await isPortFree(port)).toBe(false);
  const { message } = await explainListenError(systemError('EADDRINUSE'), port);
  expect(message).toBe(
    `Port ${port} is used by another program. End it, or start with --port and set the same port in each host.`,
  );
});

test('a port that only administrators may use', async () => {
  const { message } = await explainListenError(systemError('EACCES'), 80);
  expect(message).toContain('Use --port with one above 1023.');
});
