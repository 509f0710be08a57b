import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  watch,
  writeFileSync,
} from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startServerProcess, type ServerProcess } from '../support/serverProcess';

let server: ServerProcess;
let folder: string;
beforeAll(async () => {
  server = await startServerProcess();
  folder = mkdtempSync(join(tmpdir(), 'psp-layers-test-'));
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

/** `psp-layers pair` as a user runs it. */
async function pair(port: number, ...more: string[]): Promise<{ code: number; output: string }> {
  const register = resolve(__dirname, '../support/register-typescript.js');
  const main = resolve(__dirname, '../../bridge-server/cli/main.ts');
  const child = spawn(
    process.execPath,
    ['-r', register, main, 'pair', '--port', String(port), ...more],
    {
      env: {
        ...process.env,
        PSP_LAYERS_HOME: server.userFolder,
        PATH: `${folder}:${process.env['PATH']}`,
      },
    },
  );
  let output = '';
  child.stdout.on('data', (text) => (output += String(text)));
  child.stderr.on('data', (text) => (output += String(text)));
  const [code] = (await once(child, 'close')) as [number];
  return { code, output };
}

const onLinux = process.platform === 'linux' ? test : test.skip;

onLinux(
  'the browser is given a file of the user, never the code: all can read commands',
  async () => {
    const written = join(folder, 'arguments');
    const script = `#!/bin/sh\necho "$@" > '${written}.part'\nmv '${written}.part' '${written}'\n`;
    writeFileSync(join(folder, 'xdg-open'), script);
    chmodSync(join(folder, 'xdg-open'), 0o755);
    const opened = new Promise<void>((found) => {
      const watcher = watch(folder, () => {
        if (!existsSync(written)) return;
        watcher.close();
        found();
      });
    });
    const { output } = await pair(server.port, '--open');
    await opened;
    const url = /http\S+#pair=[0-9a-f]{32}/.exec(output)![0];
    const given = readFileSync(written, 'utf8').trim();
    expect(given).not.toContain('pair=');
    const file = fileURLToPath(given);
    expect(readFileSync(file, 'utf8')).toContain(`url=${url}`);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  },
);

test('who took the port is asked for a proof, and told nothing by which the token could be had', async () => {
  const requests: IncomingMessage[] = [];
  const thief = createServer((request, response) => {
    requests.push(request);
    response.end(JSON.stringify({ nonce: 'n'.repeat(32), proof: '0'.repeat(64) }));
  });
  thief.listen(0, '127.0.0.1');
  await once(thief, 'listening');
  const { code, output } = await pair((thief.address() as AddressInfo).port);
  thief.close();
  expect(code).not.toBe(0);
  expect(output).toContain('No bridge of yours answers');
  expect(requests.map(({ method }) => method)).toEqual(['GET']);
  const said = requests.map(({ url, headers }) => `${url} ${JSON.stringify(headers)}`).join();
  expect(said).not.toContain(server.token);
});
