import {
  connectClient,
  grey,
  jobFor,
  listen,
  nodeRuntime,
  randomName,
  startTestServer,
  stopAll,
} from '../support/bridgeServer';
import { openPeer } from '../support/rawPeer';
import { operations } from '../../bridge-server/operations/registry';

afterAll(stopAll);

test('a click: capabilities, faces, a job of 8 and one of 16 bit, its latents, the end', async () => {
  const server = await startTestServer();
  const client = await connectClient(server);
  const state = client.state.value;
  expect(state.kind === 'ready' && state.capabilities.operations).toEqual(operations.declarations);

  const faces = await client.findFaces({ ...grey(64, 64).pixels });
  expect(faces).toHaveLength(1);

  for (const depth of [8, 16] as const) {
    const region = { ...grey(700, 500, depth), face: faces[0]!, faceNumber: 1 };
    const events = listen();
    const run = client.run(jobFor('plain', { regions: [region], parameters: {} }), events);
    const { patches, workMs } = await run.result;
    expect(patches).toHaveLength(1);
    const [patch] = patches;
    expect(patch).toMatchObject({ bounds: region.bounds, faceNumber: 1, identity: 0.9 });
    expect(workMs).toBeGreaterThan(0);
    const max = depth === 8 ? 255 : 65535;
    const negative = region.pixels.data.map((value, i) => (i % 4 === 3 ? value : max - value));
    expect(
      Buffer.compare(Buffer.from(patch!.pixels.data.buffer), Buffer.from(negative.buffer)),
    ).toBe(0);
    expect(patch!.mask.data.every((value) => value === 255)).toBe(true);

    const npy = await run.latents(0);
    const again = client.run(jobFor('plain', { regions: [{ ...region, latents: npy }] }), listen());
    await again.result;
    expect(await again.latents(0)).toEqual(npy);
    run.forget();
    again.forget();
  }
});

test('a client that reads it is sent less: no alpha of opaque pixels, masks as runs, nothing that they hide', async () => {
  const server = await startTestServer();
  const opaque = grey(300, 200);
  opaque.pixels.data.forEach((_, i, data) => i % 4 === 3 && (data[i] = 255));
  const hole = { width: 300, height: 200, data: new Uint8Array(60_000).fill(255, 500, 40_000) };
  const cutOut = grey(50, 40);
  const deep = grey(50, 40, 16);
  // Its layer, in negative, is empty outside of the hole.
  const sparse = grey(300, 200);
  sparse.pixels.data.forEach((_, i, data) => (data[i] = i % 4 === 3 ? hole.data[i >> 2]! : 255));
  const regions = [{ ...opaque, hole }, { ...sparse, hole }, cutOut, deep];
  const request = jobFor('plain', { regions });
  const results = await Promise.all(
    [false, true].map(async (compact) => {
      let bytes = 0;
      const runtime = nodeRuntime((socket) => {
        const send = socket.send.bind(socket) as (frame: string | Uint8Array) => void;
        const counted = (frame: string | Uint8Array): void => {
          bytes += frame.length;
          send(frame);
        };
        Object.assign(socket, { send: counted });
        socket.on('message', (frame: ArrayBuffer) => (bytes += frame.byteLength));
      });
      const client = await connectClient(server, runtime, { compact });
      const { patches } = await client.run(request, listen()).result;
      return { bytes, layers: patches.map(({ pixels, mask }) => ({ pixels, mask })) };
    }),
  );
  const [plain, compact] = results;
  expect(compact!.layers).toEqual(plain!.layers);
  // Both ways a byte a pixel of its alpha, and the hole and the layer's mask.
  const ofOpaque = 3.9 * 60_000;
  // Four a hidden pixel, one a shown, and hole and mask again.
  const ofSparse = 4 * 20_500 + 39_500 + 1.9 * 60_000;
  expect(plain!.bytes - compact!.bytes).toBeGreaterThan(ofOpaque + ofSparse);
});

test('runs that do not fill their hole fail their job, not the connection', async () => {
  const server = await startTestServer();
  const { channel } = await openPeer(server);
  const ask = (size: number, runs: readonly number[]): Promise<unknown> => {
    const region = grey(size, size);
    const [pixels, hole] = [channel.nextStream(), channel.nextStream()];
    const payloads = [
      { stream: pixels, bytes: new Uint8Array(size * size * 3) },
      { stream: hole, bytes: Uint8Array.from(runs) },
    ];
    const message = { width: size, height: size, depth: 8, stream: pixels, opaque: true } as const;
    const regions = [
      { ...region, pixels: message, hole: { stream: hole, runs: runs.length }, latents: null },
    ];
    const job = randomName();
    return channel.ask('run', { ...jobFor('plain'), job, regions }, payloads);
  };
  await expect(ask(4, [15, 9])).rejects.toMatchObject({ code: 'BAD_MESSAGE' });
  await expect(ask(1, [1, 9])).rejects.toMatchObject({ code: 'BAD_INPUT' });
  await expect(ask(4, [16, 9])).resolves.toMatchObject({ result: {} });
});

test('how large the pixels of a preview are in the document reaches the inference process', async () => {
  const client = await connectClient(await startTestServer());
  const { pixels } = grey(8, 8);
  expect(await client.findFaces(pixels)).toEqual([]);
  expect(await client.findFaces(pixels, 2)).toHaveLength(1);
});
