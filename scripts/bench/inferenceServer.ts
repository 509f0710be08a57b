import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Tensors } from '../../bridge-server/inference/engine';
import { createOnnxEngine } from '../../bridge-server/inference/onnxEngine';
import { headerLengthField, roomFor } from '../../bridge-server/inference/openInference/message';
import { servedName } from '../../bridge-server/inference/openInference/remoteEngine';
import { graphsOf, type ModelPackage } from '../../bridge-server/models/modelStore';
import { openModelStore } from '../../bridge-server/openProcessor';

export interface InferenceServer {
  /** What PSP_LAYERS_INFERENCE is set to. */
  readonly address: string;
  close(): Promise<void>;
}

interface Value {
  readonly name: string;
  readonly shape: readonly number[];
  readonly parameters: { readonly binary_data_size: number };
}

/**
 * Where no Triton is: the networks of packages by ONNX Runtime on this machine's processor, over the Open
 * Inference Protocol with binary tensors, one call after another as they come.
 * @param before what a call waits for
 */
export async function serveNetworks(
  packages: () => Promise<readonly ModelPackage[]>,
  before: () => Promise<void> = async () => undefined,
): Promise<InferenceServer> {
  const report = { provider: 'cpu', device: 'CPU', passedOver: [] };
  const engine = createOnnxEngine({ provider: 'cpu', report });

  async function infer(request: IncomingMessage): Promise<{ header: Buffer; values: Buffer[] }> {
    const [inputs, graphs] = await Promise.all([readTensors(request), packages()]);
    const name = /^\/v2\/models\/([^/]+)\/infer$/.exec(request.url ?? '')?.[1];
    const graph = graphs.flatMap(graphsOf).find((each) => servedName(each) === name);
    if (!graph) throw new Error(`Request for unknown model: '${name}' is not found`);
    await before();
    const outputs = Object.entries(await engine.run(graph, inputs));
    const described = outputs.map(([output, { data, shape }]) => ({
      ...{ name: output, shape, datatype: 'FP32' },
      parameters: { binary_data_size: data.byteLength },
    }));
    return {
      header: Buffer.from(JSON.stringify({ outputs: described })),
      values: outputs.map(([, { data }]) =>
        Buffer.from(data.buffer, data.byteOffset, data.byteLength),
      ),
    };
  }

  const server = createServer((request, response) => {
    infer(request).then(
      ({ header, values }) => {
        const length = values.reduce((sum, { byteLength }) => sum + byteLength, header.byteLength);
        response.setHeader(headerLengthField, header.byteLength);
        response.setHeader('content-length', length);
        for (const part of [header, ...values]) response.write(part);
        response.end();
      },
      (error: unknown) => {
        response.statusCode = 400;
        response.end(JSON.stringify({ error: String(error) }));
      },
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      server.close();
      await engine.close();
    },
  };
}

async function readTensors(request: IncomingMessage): Promise<Tensors> {
  const headerLength = Number(request.headers[headerLengthField]);
  const body = roomFor(Number(request.headers['content-length']), headerLength);
  let at = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    body.set(chunk, at);
    at += chunk.byteLength;
  }
  const header = Buffer.from(body.subarray(0, headerLength)).toString();
  const { inputs } = JSON.parse(header) as { readonly inputs: readonly Value[] };
  let start = body.byteOffset + headerLength;
  return Object.fromEntries(
    inputs.map(({ name, shape, parameters: { binary_data_size: size } }) => {
      const data = new Float32Array(body.buffer, start, size / 4);
      start += size;
      return [name, { data, shape }];
    }),
  );
}

// The process that the bench starts.
if (require.main === module) {
  const store = openModelStore();
  void serveNetworks(() => store.list()).then(({ address }) => process.send?.(address));
  process.once('disconnect', () => process.exit());
}
