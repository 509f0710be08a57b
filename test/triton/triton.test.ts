import { execFile } from 'node:child_process';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startTriton, type TritonServer } from './tritonServer';

const run = promisify(execFile);
const cli = join(__dirname, '..', '..', 'dist', 'bridge-server', 'cli', 'main.js');
const photograph = join(__dirname, '..', 'fixtures', 'astronaut.png');
const drawing = join(__dirname, 'drawing.png');

let folder: string;
let server: TritonServer;

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

/** Both engines on the processor: a GPU's last bits are its own. */
const pspLayers = (inference: string | null, ...args: readonly string[]) =>
  run(process.execPath, [cli, ...args], {
    env: {
      ...process.env,
      PSP_LAYERS_HOME: join(folder, 'home'),
      PSP_LAYERS_PROVIDER: 'cpu',
      ...(inference === null ? {} : { PSP_LAYERS_INFERENCE: inference }),
    },
  });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'psp-triton-'));
  const repository = join(folder, 'repository');
  await pspLayers(null, 'models', 'export-triton', repository, '--backend', 'python');
  server = await startTriton(repository, folder, await freePort());
});

afterAll(async () => {
  await server?.kill();
  await rm(folder, { recursive: true });
});

test('doctor finds every network served', async () => {
  const { stdout } = await pspLayers(server.address, 'doctor').catch(
    (error: unknown) => error as { stdout: string },
  );
  expect(stdout).toMatch(/ok {4}inference server .*: serves all \d+ networks/);
});

test.each([
  ['reconstruct', []],
  ['frontalize', []],
  ['super-resolve', ['--native']],
  ['inpaint', ['--mask', join(__dirname, 'mask.png')]],
  ['resample-style', ['--variants', '3', '--seed', '7']],
  ['sketch-to-face', ['--variants', '2']],
])('%s through the server is the local result, byte for byte', async (operation, options) => {
  const results: Buffer[] = [];
  for (const [name, address] of [
    ['local', null],
    ['remote', server.address],
  ] as const) {
    const output = join(folder, `${operation}-${name}.psd`);
    await pspLayers(
      address,
      'apply',
      operation === 'sketch-to-face' ? drawing : photograph,
      '--operation',
      operation,
      '--output',
      output,
      ...options,
    );
    results.push(await readFile(output));
  }
  expect(results[1]!.equals(results[0]!)).toBe(true);
});
