import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { once } from 'node:events';
import type { WebSocket } from 'ws';
import { BridgeClient } from '../../plugin/core/bridge/bridgeClient';
import type { OperationDeclaration } from '../../protocol/operation';
import {
  grey,
  nodeRuntime,
  startTestServer,
  stopAll,
  type TestServer,
} from '../support/bridgeServer';
import { faceIn } from '../support/fakeProcessor';
import { folder, readExchange, toBase64, type Call, type Exchange } from './exchange';
import { perform, recordPixels } from './perform';
import { Recorder } from './recorder';

/** An operation of the tests' own, so that a change of a real one changes no recording. */
const inpaint: OperationDeclaration = {
  id: 'inpaint',
  label: 'Inpaint',
  summary: 'The hole filled.',
  input: 'face',
  composition: 'replace',
  mask: 'required',
  variants: true,
  parameters: [
    { kind: 'seed', name: 'seed', label: 'Seed', hint: '', default: 1, min: 0, max: 4294967295 },
  ],
  modelHint: 'a model of the tests',
};

const { bounds, pixels } = grey(6, 4);
const region = {
  bounds,
  pixels: recordPixels(pixels),
  face: faceIn(6, 4),
  faceNumber: 1,
  hole: toBase64(Uint8Array.from({ length: 24 }, (_, i) => (i % 2) * 255)),
  latents: null,
};
const job = (model: string): Extract<Call, { kind: 'run' }> => ({
  kind: 'run',
  operation: 'inpaint',
  model,
  parameters: { seed: 7 },
  priority: 'interactive',
  regions: [region],
  latents: false,
});

const scenarios: Readonly<Record<string, Pick<Exchange, 'about' | 'call'>>> = {
  connect: { about: 'Hello with the token, then the capabilities.', call: { kind: 'connect' } },
  'wrong-token': {
    about: 'A token that the server does not have: the client sees by its proof, and says no more.',
    call: { kind: 'connect' },
  },
  'find-faces': {
    about: 'Faces of a preview of 16 by 16 pixels.',
    call: { kind: 'find-faces', preview: recordPixels(grey(16, 16).pixels) },
  },
  'run-8-bit': { about: 'A job with a face and a hole, 8 bit.', call: job('plain') },
  'run-16-bit': {
    about: 'A job of 16 bit; its latents are asked for.',
    call: {
      ...job('plain'),
      regions: [{ ...region, pixels: recordPixels(grey(6, 4, 16).pixels) }],
      latents: true,
    },
  },
  'run-two-regions-with-latents': {
    about: 'Two regions, one of them started from saved latents, without faces or holes.',
    call: {
      ...job('plain'),
      regions: [
        { ...region, face: null, faceNumber: null, hole: null },
        {
          ...region,
          face: null,
          faceNumber: null,
          hole: null,
          latents: toBase64(npyOf(Float32Array.of(1, 2))),
        },
      ],
    },
  },
  'run-fails': { about: 'A job that fails while it runs.', call: job('refuse') },
  'run-refused': {
    about: 'A job whose parameter is out of range: refused before its pixels have come.',
    call: { ...job('plain'), parameters: { seed: -1 } },
  },
};

function npyOf(values: Float32Array): Uint8Array {
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (1, ${values.length}), }`;
  const start = Buffer.from(`\x93NUMPY\x01\x00v\x00${header.padEnd(117)}\n`, 'latin1');
  return Buffer.concat([start, new Uint8Array(values.buffer)]);
}

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ version: '0.1.0', operations: [inpaint] });
});
afterAll(stopAll);

test.each(Object.entries(scenarios))('%s', async (name, { about, call }) => {
  const recorder = new Recorder(name !== 'wrong-token');
  let socket: WebSocket | undefined;
  const runtime = nodeRuntime((opened) => {
    socket = opened;
    recorder.attach(opened);
  });
  const token = name === 'wrong-token' ? 'x'.repeat(43) : server.token;
  const client = new BridgeClient(runtime, {
    url: server.url,
    client: { name: 'Recorder', version: '0.1.0' },
    tokens: { load: async () => token, save: async () => undefined },
  });
  const outcome = await perform(client, call);
  if (socket!.readyState === socket!.CLOSING) await once(socket!, 'close');
  client.stop();
  const requests = recorder.requests.map(({ id: _, ...request }) => request);
  const exchange: Exchange = { about, call, requests, outcome };
  if (process.env['CONFORMANCE'] === 'write') {
    writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(exchange, null, 2)}\n`);
  }
  expect(JSON.parse(JSON.stringify(exchange))).toEqual(readExchange(`${name}.json`));
});
