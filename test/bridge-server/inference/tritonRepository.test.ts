import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeTritonRepository } from '../../../bridge-server/cli/writeTritonRepository';
import { askHealth } from '../../../bridge-server/inference/openInference/health';
import { configOf } from '../../../bridge-server/inference/openInference/tritonRepository';
import { servedName } from '../../../bridge-server/inference/openInference/remoteEngine';
import { graphsOf } from '../../../bridge-server/models/modelStore';
import { openModelStore } from '../../../bridge-server/openProcessor';

let folder: string;
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'triton-'))));
afterEach(() => rm(folder, { recursive: true }));

test('a batch side is left out, a network without one takes one call at a time', () => {
  const decoder = {
    inputs: [{ name: 'latents', shape: [null, 23, 512] }],
    outputs: [{ name: 'image', shape: [null, 3, 1024, 1024] }],
  };
  const text = configOf('psp-1', decoder, { backend: 'onnxruntime', processor: 'gpu' });
  expect(text).toContain('max_batch_size: 8');
  expect(text).toContain('input [ { name: "latents" data_type: TYPE_FP32 dims: [ 23, 512 ] } ]');
  expect(text).toContain('platform: "onnxruntime_onnx"');
  expect(text).toContain('KIND_GPU');
  const fit = { inputs: [{ name: 'latents', shape: [1, 23, 512] }], outputs: decoder.inputs };
  const single = configOf('psp-2', fit, { backend: 'python', processor: 'cpu' });
  expect(single).toContain('max_batch_size: 0');
  expect(single).toContain('dims: [ 1, 23, 512 ]');
  expect(single).not.toContain('dynamic_batching');
});

test('every network of the installed models lies there once, under its content', async () => {
  const models = (await openModelStore().list()).filter(({ embedded }) => embedded);
  const written = await writeTritonRepository(folder, models, {
    backend: 'python',
    processor: 'cpu',
  });
  const names = new Set(models.flatMap(graphsOf).map(servedName));
  expect([...written].sort()).toEqual([...names].sort());
  expect(written.length).toBeGreaterThanOrEqual(4);
  for (const name of written) {
    expect((await readdir(join(folder, name, '1'))).sort()).toEqual(['model.onnx', 'model.py']);
    expect(await readFile(join(folder, name, 'config.pbtxt'), 'utf8')).toContain(`"${name}"`);
  }
  await expect(
    writeTritonRepository(folder, models, { backend: 'python', processor: 'cpu' }),
  ).rejects.toMatchObject({ code: 'BAD_INPUT' });
});

test('health tells what is missing, and a server that is away in words', async () => {
  const server = createServer((request, response) => {
    response.writeHead(request.url === '/v2/models/psp-here/ready' ? 200 : 400).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const address = { url, headers: {} };
  expect(await askHealth(address, ['psp-here', 'psp-gone'])).toMatchObject({
    problem: null,
    missing: ['psp-gone'],
  });
  await new Promise((resolve) => server.close(resolve));
  expect(await askHealth(address, ['psp-here'])).toMatchObject({
    problem: expect.stringContaining('cannot be reached') as string,
  });
});
