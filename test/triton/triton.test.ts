import { execFile } from 'node:child_process';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { partPalette } from '../../bridge-server/faces';
import { operations } from '../../bridge-server/operations/registry';
import type { OperationDeclaration } from '../../protocol/operation';
import { startTriton, type TritonServer } from './tritonServer';

const run = promisify(execFile);
const cli = join(__dirname, '..', '..', 'dist', 'bridge-server', 'cli', 'main.js');
const fixtures = join(__dirname, '..', 'fixtures');
const photograph = join(fixtures, 'astronaut.png');
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
  // The starter serves every operation but this one.
  const cartoons = join(fixtures, 'psp', 'tiny-encode', 'checkpoint.pt');
  await pspLayers(null, 'models', 'import', cartoons, '--name', 'tiny', '--operation', 'toonify');
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

/** Beyond the declaration: what an operation does nothing without, and results of another kind. */
const more: Readonly<Record<string, readonly string[]>> = {
  edit: ['--smile', '0.6'],
  'super-resolve': ['--native'],
};

/** Parts of a face as stripes of the palette's colours. */
async function writeLabels(): Promise<string> {
  const file = join(folder, 'labels.png');
  const side = 256;
  const rgb = Uint8Array.from({ length: side * side * 3 }, (_, i) => {
    const stripe = Math.floor((Math.floor(i / 3) % side) / 16);
    return partPalette[stripe % partPalette.length]!.rgb[i % 3]!;
  });
  await sharp(rgb, { raw: { width: side, height: side, channels: 3 } })
    .png()
    .toFile(file);
  return file;
}

async function pictureFor({ input }: OperationDeclaration): Promise<string> {
  switch (input) {
    case 'sketch':
      return drawing;
    case 'label-map':
      return writeLabels();
    case 'face':
    case 'face-or-layer':
      return photograph;
  }
}

test.each(operations.declarations.map((declaration) => [declaration.id, declaration] as const))(
  '%s through the server is the local result, byte for byte',
  async (id, declaration) => {
    const picture = await pictureFor(declaration);
    const options = [
      ...(declaration.mask === 'required' ? ['--mask', join(__dirname, 'mask.png')] : []),
      ...(declaration.variants ? ['--variants', '2', '--seed', '7'] : []),
      ...(more[id] ?? []),
    ];
    const results: Buffer[] = [];
    for (const [name, address] of [
      ['local', null],
      ['remote', server.address],
    ] as const) {
      const output = join(folder, `${id}-${name}.psd`);
      const asked = ['--operation', id, '--output', output, ...options];
      await pspLayers(address, 'apply', picture, ...asked);
      results.push(await readFile(output));
    }
    expect(results[1]!.equals(results[0]!)).toBe(true);
  },
);
