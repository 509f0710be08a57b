import {
  connectClient,
  grey,
  jobFor,
  listen,
  startTestServer,
  stopAll,
} from '../support/bridgeServer';
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

test('how large the pixels of a preview are in the document reaches the inference process', async () => {
  const client = await connectClient(await startTestServer());
  const { pixels } = grey(8, 8);
  expect(await client.findFaces(pixels)).toEqual([]);
  expect(await client.findFaces(pixels, 2)).toHaveLength(1);
});
