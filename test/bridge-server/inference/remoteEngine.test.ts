import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Tensors } from '../../../bridge-server/inference/engine';
import { createRemoteEngine } from '../../../bridge-server/inference/openInference/remoteEngine';
import { readServerAddress } from '../../../bridge-server/inference/openInference/serverAddress';

const graph = { sha256: 'ab12'.repeat(16), path: '/nowhere.onnx' };
const inputs: Tensors = { latents: { data: Float32Array.of(1, 2, 3), shape: [1, 3] } };
const quick = { pausesMs: [1, 1], callMs: 5000 };

const servers: Server[] = [];

async function serve(listener: RequestListener): Promise<URL> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
}

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function bytesOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** An answer in binary, its JSON `padding` bytes longer than it need be. */
function binary(values: Float32Array, shape: readonly number[], padding = 0): [Buffer, number] {
  const header = Buffer.from(
    JSON.stringify({
      outputs: [
        {
          name: 'image',
          shape,
          datatype: 'FP32',
          parameters: { binary_data_size: values.byteLength },
        },
      ],
    }) + ' '.repeat(padding),
  );
  return [Buffer.concat([header, Buffer.from(values.buffer)]), header.byteLength];
}

/** Answers each call with the next of `statuses`; after the last one, with numbers. */
async function answering(
  ...refusals: readonly { status: number; body: string; type?: string }[]
): Promise<{ run(): Promise<Tensors>; calls(): number }> {
  let calls = 0;
  const url = await serve((request, response) => {
    void bytesOf(request).then(() => {
      const refusal = refusals[calls++];
      if (refusal) {
        const type = refusal.type ?? 'application/json';
        return response.writeHead(refusal.status, { 'content-type': type }).end(refusal.body);
      }
      const [body, length] = binary(Float32Array.of(7), [1]);
      response.setHeader('Inference-Header-Content-Length', length);
      response.end(body);
    });
  });
  const engine = createRemoteEngine({ url, headers: {} }, quick);
  return { run: () => engine.run(graph, inputs), calls: () => calls };
}

describe('what is sent', () => {
  test('the network by content, the header length in bytes, and raw values', async () => {
    const seen: { url?: string; key?: unknown; header?: unknown; values?: number[] } = {};
    const url = await serve((request, response) => {
      void bytesOf(request).then((body) => {
        const length = Number(request.headers['inference-header-content-length']);
        const values = new Float32Array(new Uint8Array(body.subarray(length)).buffer);
        seen.url = request.url!;
        seen.key = request.headers['x-key'];
        seen.header = JSON.parse(body.subarray(0, length).toString());
        seen.values = [...values];
        const [answer, at] = binary(Float32Array.of(1), [1]);
        response.setHeader('Inference-Header-Content-Length', at).end(answer);
      });
    });
    const engine = createRemoteEngine({ url, headers: { 'X-Key': 'secret' } }, quick);
    await engine.run(graph, inputs);
    expect(seen).toMatchObject({
      url: '/v2/models/psp-ab12ab12ab12/infer',
      key: 'secret',
      header: {
        inputs: [{ name: 'latents', shape: [1, 3], datatype: 'FP32' }],
        parameters: { binary_data_output: true },
      },
      values: [1, 2, 3],
    });
    expect(JSON.stringify(engine.report)).not.toContain('secret');
  });
});

describe('what comes back', () => {
  test.each([0, 1, 2, 3])('values that begin %i bytes off are read where they lie', async (off) => {
    const values = Float32Array.from({ length: 12 }, (_, i) => i / 3);
    const url = await serve((request, response) => {
      void bytesOf(request).then(() => {
        const [body, length] = binary(values, [1, 3, 2, 2], off);
        response.setHeader('Inference-Header-Content-Length', length);
        response.setHeader('Content-Length', body.byteLength);
        response.end(body);
      });
    });
    const { image } = await createRemoteEngine({ url, headers: {} }, quick).run(graph, inputs);
    expect(image).toEqual({ data: values, shape: [1, 3, 2, 2] });
  });

  test('values as JSON are read too', async () => {
    const body = JSON.stringify({
      outputs: [{ name: 'image', shape: [1, 2], datatype: 'FP32', data: [0.5, -1] }],
    });
    const { run } = await answering({ status: 200, body });
    expect((await run())['image']).toEqual({ data: Float32Array.of(0.5, -1), shape: [1, 2] });
  });

  test.each([
    ['no outputs', '{}', 'no outputs'],
    ['another type', '{"outputs":[{"name":"image","shape":[1],"datatype":"FP16"}]}', 'FP16'],
    [
      'too few',
      '{"outputs":[{"name":"image","shape":[9],"datatype":"FP32","data":[1]}]}',
      '1 values',
    ],
    ['no JSON', 'hello', 'no outputs'],
  ])('%s is an error, not a picture', async (_name, body, said) => {
    const { run } = await answering({ status: 200, body });
    await expect(run()).rejects.toMatchObject({
      code: 'INFERENCE_FAILED',
      message: expect.stringContaining(said) as string,
    });
  });
});

describe('refusals', () => {
  test.each([
    [404, '{"error":"Request for unknown model: \'x\' is not found"}', 'MODEL_MISSING', 1],
    [501, '{"error":"no such version"}', 'MODEL_MISSING', 1],
    [400, '{"error":"inference request batch-size must be <= 8"}', 'INFERENCE_FAILED', 1],
    [500, 'Internal Server Error', 'INFERENCE_FAILED', 1],
    [413, '<html>too large</html>', 'TOO_LARGE', 1],
    [401, '{"detail":"key"}', 'NOT_PAIRED', 1],
    [403, '', 'NOT_PAIRED', 1],
    [503, '{"error":"Exceeds maximum queue size"}', 'BUSY', 3],
    [503, '<html><body>503 Service Unavailable</body></html>', 'CONNECTION_LOST', 3],
    [502, '', 'CONNECTION_LOST', 3],
  ])('%i %s is %s, after %i tries', async (status, body, code, tries) => {
    const refusal = { status, body };
    const { run, calls } = await answering(refusal, refusal, refusal);
    await expect(run()).rejects.toMatchObject({
      code,
      message: expect.not.stringContaining('<html>') as string,
    });
    expect(calls()).toBe(tries);
  });

  test('a full queue that empties costs a pause, not the picture', async () => {
    const { run } = await answering({
      status: 503,
      body: '{"error":"Exceeds maximum queue size"}',
    });
    expect((await run())['image']!.data).toEqual(Float32Array.of(7));
  });
});

describe('a server that goes', () => {
  test('one that is killed in a call costs a try', async () => {
    let calls = 0;
    const url = await serve((request, response) => {
      calls += 1;
      if (calls === 1) return void request.socket.destroy();
      void bytesOf(request).then(() => {
        const [body, length] = binary(Float32Array.of(7), [1]);
        response.setHeader('Inference-Header-Content-Length', length).end(body);
      });
    });
    const engine = createRemoteEngine({ url, headers: {} }, quick);
    expect((await engine.run(graph, inputs))['image']!.data).toEqual(Float32Array.of(7));
    expect(calls).toBe(2);
  });

  test('an answer that is cut off is asked for again, then told', async () => {
    const url = await serve((request, response) => {
      void bytesOf(request).then(() => {
        response.writeHead(200, { 'content-length': 1000 });
        response.write('{"outputs"', () => response.destroy());
      });
    });
    const engine = createRemoteEngine({ url, headers: {} }, quick);
    await expect(engine.run(graph, inputs)).rejects.toMatchObject({
      code: 'CONNECTION_LOST',
      retryable: true,
    });
  });

  test('nobody listens', async () => {
    const url = await serve(() => undefined);
    await new Promise((resolve) => servers.pop()!.close(resolve));
    const engine = createRemoteEngine({ url, headers: {} }, quick);
    await expect(engine.run(graph, inputs)).rejects.toMatchObject({
      code: 'CONNECTION_LOST',
      message: expect.stringContaining('PSP_LAYERS_INFERENCE') as string,
    });
  });

  test('no answer at all ends at the deadline', async () => {
    const url = await serve(() => undefined);
    const engine = createRemoteEngine({ url, headers: {} }, { ...quick, callMs: 50 });
    await expect(engine.run(graph, inputs)).rejects.toMatchObject({
      code: 'CONNECTION_LOST',
      message: expect.stringContaining('did not answer') as string,
    });
  });

  test('Cancel is not waited for', async () => {
    const cancel = new AbortController();
    const url = await serve(() => cancel.abort());
    const engine = createRemoteEngine({ url, headers: {} }, quick);
    await expect(engine.run(graph, inputs, cancel.signal)).rejects.toMatchObject({
      code: 'CANCELLED',
    });
  });
});

describe('where the server is', () => {
  test('nothing said is no server', async () => {
    expect(await readServerAddress({})).toBeNull();
  });

  test.each(['render-01:8000', 'ftp://render-01', 'render'])('"%s" is refused', async (address) => {
    await expect(readServerAddress({ PSP_LAYERS_INFERENCE: address })).rejects.toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringContaining('http://host:8000') as string,
    });
  });

  test('headers come from a file; a wrong line is told by its number alone', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'headers-'));
    const file = join(folder, 'headers');
    const read = () =>
      readServerAddress({
        PSP_LAYERS_INFERENCE: 'https://triton.studio/pool',
        PSP_LAYERS_INFERENCE_HEADERS: file,
      });
    try {
      await writeFile(file, '# the key\nAuthorization: Bearer secret\n\nX-Seat: 7\n');
      expect(await read()).toMatchObject({
        headers: { Authorization: 'Bearer secret', 'X-Seat': '7' },
      });
      await writeFile(file, 'Authorization: ok\nsecret without a name\n');
      await expect(read()).rejects.toMatchObject({
        message: expect.not.stringContaining('secret') as string,
      });
      await expect(read()).rejects.toThrow('Line 2');
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
