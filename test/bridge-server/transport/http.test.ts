import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { proofOf } from '../../../protocol/proof';
import { startTestServer, stopAll, type TestServer } from '../../support/bridgeServer';

let server: TestServer;
const pageFolder = mkdtempSync(join(tmpdir(), 'psp-page-'));

beforeAll(async () => {
  writeFileSync(join(pageFolder, 'index.html'), '<p>The page</p>');
  mkdirSync(join(pageFolder, 'pictures'));
  writeFileSync(join(pageFolder, 'pictures', 'face.png'), 'png');
  writeFileSync(join(pageFolder, '..', 'psp-secret.txt'), 'secret');
  server = await startTestServer({ pageFolder });
});
afterAll(async () => {
  await stopAll();
  rmSync(pageFolder, { recursive: true });
  rmSync(join(pageFolder, '..', 'psp-secret.txt'));
});

interface Answer {
  readonly status: number | undefined;
  readonly headers: Record<string, unknown>;
  readonly body: string;
}

/** By hand, because `fetch` tidies paths and headers up. */
function get(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  const options = { host: '127.0.0.1', port: server.port, path, method };
  const host = `localhost:${server.port}`;
  return new Promise((resolve, reject) => {
    const sent = request({ ...options, headers: { host, ...headers } }, (response) => {
      let body = '';
      response.on('data', (text) => (body += String(text)));
      response.on('end', () =>
        resolve({ status: response.statusCode, headers: response.headers, body }),
      );
    });
    sent.on('error', reject).end();
  });
}

test('the page and what lies beside it, under a strict policy', async () => {
  const page = await get('/');
  expect(page.body).toBe('<p>The page</p>');
  expect(page.headers['content-security-policy']).toContain(
    "default-src 'none'; script-src 'self'",
  );
  expect((await get('/pictures/face.png?v=1')).headers['content-type']).toBe('image/png');
});

test('health for programs, status for people; neither holds the token', async () => {
  const health = await get('/health');
  expect(JSON.parse(health.body)).toMatchObject({
    service: 'psp-layers',
    device: 'Fake device',
    jobs: { waiting: 0, running: 0, finished: 0 },
  });
  const status = await get('/status');
  expect(status.body).toContain('The pSp Layers bridge is running.');
  for (const { body } of [health, status, await get('/')]) expect(body).not.toContain(server.token);
});

test.each(['/../psp-secret.txt', '/pictures/../../psp-secret.txt', '/%2e%2e/psp-secret.txt', '//'])(
  'no address becomes a path: %s',
  async (path) => {
    expect((await get(path)).status).toBe(404);
  },
);

test.each([
  ['a foreign Host', { host: 'evil.example' }],
  ['a foreign Origin', { origin: 'https://evil.example' }],
])('%s is refused, for pages and for sockets', async (_, headers) => {
  expect((await get('/health', headers)).status).toBe(403);
  const upgrade = {
    ...headers,
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
  };
  expect((await get('/', upgrade)).status).toBe(403);
});

test('who proves the token is given an invitation, once; the token is not sent', async () => {
  const clientNonce = 'c'.repeat(20);
  const challenge = await get(`/challenge/${clientNonce}`);
  const { nonce, proof } = JSON.parse(challenge.body) as { nonce: string; proof: string };
  const { port, token } = server;
  const greeting = { port, instance: 'invitation', clientNonce, serverNonce: nonce };
  expect(proof).toBe(proofOf(token, 'server', greeting));

  const invite = (mine: string) =>
    get('/invitation', { authorization: `Proof ${clientNonce} ${nonce} ${mine}` }, 'POST');
  const { status, body } = await invite(proofOf(token, 'client', greeting));
  expect(status).toBe(200);
  expect(JSON.parse(body)).toMatchObject({
    pairingCode: expect.stringMatching(/^[0-9A-Z]{4}-[0-9A-Z]{4}$/),
    pageUrl: expect.stringMatching(/#pair=[0-9a-f]{32}$/),
  });
  expect((await invite(proofOf(token, 'client', greeting))).status).toBe(401);
  expect((await invite(proof)).status).toBe(401);
  expect((await get('/invitation', {}, 'POST')).status).toBe(401);
  expect((await get('/challenge/short')).status).toBe(404);
});

test('nothing else is answered but GET', async () => {
  expect((await get('/health', {}, 'POST')).status).toBe(405);
});

test('a second instance is told that the first runs', async () => {
  await expect(startTestServer({ port: server.port })).rejects.toThrow(
    `A pSp Layers bridge (0.0.0-test) runs on port ${server.port} already.`,
  );
});
