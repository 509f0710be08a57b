import { readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readImage } from '../../bridge-server/image/readImage';
import type { Capabilities } from '../../plugin/core/bridge/bridge';
import type { BridgeClient } from '../../plugin/core/bridge/bridgeClient';
import type { Face } from '../../protocol/face';
import {
  boundsHeight,
  boundsOfPoints,
  boundsWidth,
  intersectBounds,
} from '../../protocol/geometry';
import type { OperationDeclaration } from '../../protocol/operation';
import type { Mask, Raster } from '../../protocol/raster';
import type { Region } from '../../protocol/job';
import { connectClient, listen, stopAll } from '../support/bridgeServer';
import { startServerProcess, type ServerProcess } from '../support/serverProcess';

/*
 * The whole way: `psp-layers serve` in a process of its own, its inference process, the networks, the
 * reference client and a photograph. Small pSp checkpoints are imported over the wire, so that every
 * kind of input is met even where no embedded model serves it.
 */
const fixtures = resolve(__dirname, '../fixtures');
const checkpoints = {
  'tiny-encode': 'face',
  'tiny-sketch': 'sketch',
  'tiny-seg': 'labels',
} as const;

let server: ServerProcess;
let client: BridgeClient;
let photograph: Raster;
let face: Face;

jest.setTimeout(120_000);

beforeAll(async () => {
  server = await startServerProcess({ PSP_LAYERS_PROVIDER: 'cpu' });
  client = await connectClient(server);
  photograph = (await readImage(join(fixtures, 'astronaut.png'))) as Raster;
});
afterAll(async () => {
  await stopAll();
  expect(await server.stop()).toBe(0);
});

const capabilities = (): Capabilities => {
  const state = client.state.value;
  if (state.kind !== 'ready') throw new Error(state.kind);
  return state.capabilities;
};

test('the token is for the user alone, and so is the folder', () => {
  expect(statSync(join(server.userFolder, 'token')).mode & 0o777).toBe(0o600);
});

test('checkpoints are imported over the wire, or from where they lie', async () => {
  for (const name of Object.keys(checkpoints)) {
    const path = join(fixtures, 'psp', name, 'checkpoint.pt');
    const content = name === 'tiny-seg' ? { path } : new Uint8Array(readFileSync(path));
    const model = await client.importModel(name, content);
    expect(model).toMatchObject({ name, resolution: 64, nStyles: 10, embedded: false });
  }
  for (const [path, code] of [
    [join(fixtures, 'none.pt'), 'BAD_INPUT'],
    [join(fixtures, 'astronaut.png'), 'BAD_INPUT'],
    ['checkpoint.pt', 'BAD_INPUT'],
  ]) {
    await expect(client.importModel('absent', { path: path! })).rejects.toMatchObject({ code });
  }
  await expect(client.importModel('tiny-encode', new Uint8Array(10))).rejects.toMatchObject({
    code: 'BAD_INPUT',
  });
  await expect(client.importModel('broken', new Uint8Array(1000))).rejects.toMatchObject({
    code: 'BAD_CHECKPOINT',
  });
});

test('one face is found in the photograph', async () => {
  const faces = await client.findFaces(photograph);
  expect(faces).toHaveLength(1);
  face = faces[0]!;
  expect(face.refusal).toBeNull();
});

test("a part of the face is a mask of the picture's size", async () => {
  const hair = await client.selectPart(photograph, face.quad, 'hair');
  const skin = await client.selectPart(photograph, face.quad, 'skin');
  const at = (part: Mask, u: number, v: number): number => {
    const [corner, right, , below] = face.quad;
    const along = (axis: 'x' | 'y') =>
      Math.floor(
        corner[axis] + u * (right[axis] - corner[axis]) + v * (below[axis] - corner[axis]),
      );
    return part.data[along('y') * part.width + along('x')]!;
  };
  expect([hair.width, hair.height]).toEqual([photograph.width, photograph.height]);
  expect([at(hair, 0.5, 0.1), at(hair, 0.4, 0.6), at(hair, 0.03, 0.4)]).toEqual([255, 0, 0]);
  expect([at(skin, 0.5, 0.1), at(skin, 0.4, 0.6), at(skin, 0.03, 0.4)]).toEqual([0, 255, 0]);
  // Nothing outside the crop.
  expect(hair.data.subarray(-photograph.width).every((value) => value === 0)).toBe(true);
  const flat = [face.quad[0], face.quad[0], face.quad[0], face.quad[0]] as const;
  await expect(client.selectPart(photograph, flat, 'hair')).rejects.toMatchObject({
    code: 'BAD_INPUT',
  });
});

/** The face's rectangle, as a host would cut it out. */
function faceRegion(): Region {
  const picture = { left: 0, top: 0, right: photograph.width, bottom: photograph.height };
  const bounds = intersectBounds(boundsOfPoints(face.quad), picture);
  const [width, height] = [boundsWidth(bounds), boundsHeight(bounds)];
  const data = new Uint8Array(width * height * 4);
  for (let y = 0; y < height; y++) {
    const start = ((bounds.top + y) * photograph.width + bounds.left) * 4;
    data.set(photograph.data.subarray(start, start + width * 4), y * width * 4);
  }
  return {
    bounds,
    pixels: { width, height, data },
    face,
    faceNumber: 1,
    hole: null,
    latents: null,
  };
}

/** A drawn layer: black strokes on nothing, or one flat colour of the palette. */
function drawnRegion(): Region {
  const pixels = { width: 128, height: 128, data: new Uint8Array(128 * 128 * 4) };
  for (let i = 0; i < 128 * 128; i++) if (i % 128 < 40) pixels.data.set([204, 0, 0, 255], i * 4);
  const bounds = { left: 0, top: 0, right: 128, bottom: 128 };
  return { bounds, pixels, face: null, faceNumber: null, hole: null, latents: null };
}

function regionFor({ input, mask }: OperationDeclaration): Region {
  const region = input === 'face' || input === 'face-or-layer' ? faceRegion() : drawnRegion();
  if (mask === 'none') return region;
  const { width, height } = region.pixels;
  const data = new Uint8Array(width * height);
  for (let y = height >> 2; y < height >> 1; y++)
    data.fill(255, y * width, y * width + (width >> 1));
  return { ...region, hole: { width, height, data } };
}

test('a face that is fitted is seen while it goes on', async () => {
  const request = {
    operation: 'reconstruct',
    model: 'starter',
    parameters: { likeness: 'close' },
    priority: 'interactive',
    regions: [faceRegion()],
  } as const;
  const seen: (Raster | null)[] = [];
  const looks: Promise<unknown>[] = [];
  const run = client.run(request, {
    ...listen(),
    onProgress: ({ glimpses }) => {
      if (glimpses !== null) looks.push(run.glimpse().then((picture) => seen.push(picture)));
    },
  });
  await run.result;
  await Promise.all(looks);
  run.forget();
  const pictures = seen.filter((picture) => picture !== null);
  expect(pictures.length).toBeGreaterThan(3);
  for (const { width, height, data } of pictures) {
    expect([width, height, data.length]).toEqual([256, 256, 256 * 256 * 4]);
  }
  expect(
    new Set(pictures.map(({ data }) => Buffer.from(data).toString('base64'))).size,
  ).toBeGreaterThan(1);
});

test('every operation that an installed model offers gives layers back', async () => {
  const { operations, models } = capabilities();
  const served = operations.filter(({ id }) =>
    models.some((model) => model.operations.includes(id)),
  );
  expect(served.map(({ id }) => id)).toEqual(
    expect.arrayContaining(['reconstruct', 'resample-style', 'sketch-to-face', 'labels-to-face']),
  );
  for (const operation of served) {
    const region = regionFor(operation);
    const request = {
      operation: operation.id,
      model: null,
      // An edit with every slider at rest changes nothing, and its mask says so.
      parameters: operation.id === 'edit' ? { smile: 0.6 } : {},
      priority: 'interactive',
      regions: [region],
    } as const;
    const run = client.run(request, listen());
    const { patches } = await run.result;
    expect(patches.length).toBeGreaterThan(0);
    for (const patch of patches) {
      const { width, height, data } = patch.pixels;
      expect(patch.name).toContain(operation.label);
      expect([width, height]).toEqual([boundsWidth(patch.bounds), boundsHeight(patch.bounds)]);
      expect(data.length).toBe(width * height * 4);
      expect(patch.mask.data.length).toBe(width * height);
      expect(patch.mask.data.some((value) => value > 0)).toBe(true);
      expect(new Set(data.subarray(0, 40_000)).size).toBeGreaterThan(2);
    }
    const { data, shape } = await run.latents(0);
    expect(data).toHaveLength(shape[0] * shape[1]);
    run.forget();
  }
});

test('the same seed gives the same pixels; saved latents give them without the face', async () => {
  const request = {
    operation: 'reconstruct',
    model: 'tiny-encode',
    parameters: {},
    priority: 'batch',
    regions: [faceRegion()],
  } as const;
  const first = client.run(request, listen());
  const [patch] = (await first.result).patches;
  const latents = await first.latents(0);
  const again = client.run({ ...request, regions: [{ ...faceRegion(), latents }] }, listen());
  const [same] = (await again.result).patches;
  expect(Buffer.compare(Buffer.from(same!.pixels.data), Buffer.from(patch!.pixels.data))).toBe(0);
});

test('the inference process killed mid-way: one reason, then work as before', async () => {
  const children = readFileSync(
    `/proc/${server.process.pid}/task/${server.process.pid}/children`,
    'utf8',
  );
  process.kill(Number(children.trim().split(' ')[0]), 'SIGKILL');
  expect(await client.findFaces(photograph).catch((error: { code: string }) => error.code)).toEqual(
    expect.anything(),
  );
  expect(await client.findFaces(photograph)).toHaveLength(1);
});

test('a model that was imported can be removed', async () => {
  for (const name of Object.keys(checkpoints)) await client.removeModel(name);
  await expect(client.removeModel('tiny-encode')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(client.removeModel('..')).rejects.toMatchObject({ code: 'BAD_MESSAGE' });
});
