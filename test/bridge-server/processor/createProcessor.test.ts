import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFaceFinder, createIdentity } from '../../../bridge-server/faces';
import { cropRaster } from '../../../bridge-server/image/cropRaster';
import { readImage } from '../../../bridge-server/image/readImage';
import type { Engine } from '../../../bridge-server/inference/engine';
import { createOnnxEngine } from '../../../bridge-server/inference/onnxEngine';
import { importCheckpoint } from '../../../bridge-server/models/importCheckpoint';
import { createModelStore } from '../../../bridge-server/models/modelStore';
import {
  createProcessor,
  type ProcessorParts,
} from '../../../bridge-server/processor/createProcessor';
import type { OperationResult } from '../../../bridge-server/processor/job';
import { defineOperation, toSigned } from '../../../bridge-server/operations/operation';
import { createRegistry, operations } from '../../../bridge-server/operations/registry';
import { createLatentCache } from '../../../bridge-server/processor/latentCache';
import { runToEnd } from '../../../bridge-server/processor/runToEnd';
import type { Processor } from '../../../bridge-server/processor/processor';
import { faceRegion, transformFace, type Face } from '../../../protocol/face';
import type { Mask, Raster } from '../../../protocol/raster';
import type { Region, Job, Progress } from '../../../protocol/job';

/** Tiny networks with random weights: what is tested is everything around them. */
const fixtures = join(__dirname, '..', '..', 'fixtures');
let folder: string;
let processor: Processor;
let parts: ProcessorParts;
let runs: string[];
let photo: Raster;
let face: Face;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'psp-layers-'));
  const checkpoint = (name: string): string => join(fixtures, 'psp', name, 'checkpoint.pt');
  const install = (name: string, fixture: string, operation: string): Promise<unknown> =>
    importCheckpoint({ file: checkpoint(fixture), modelsFolder: folder, name, operation });
  await install('tiny', 'tiny-encode', 'reconstruct');
  await install('tiny-frontal', 'tiny-encode', 'frontalize');
  await install('tiny-fill', 'tiny-encode', 'inpaint');
  await install('tiny-resolve', 'tiny-encode', 'super-resolve');
  await install('tiny-sketch', 'tiny-sketch', 'sketch-to-face');
  await install('tiny-labels', 'tiny-seg', 'labels-to-face');
  const real = createOnnxEngine({
    provider: 'cpu',
    report: { provider: 'cpu', device: 'CPU', passedOver: [] },
  });
  const engine: Engine = {
    ...real,
    run: (graph, inputs, signal) => {
      runs.push(graph.path);
      return real.run(graph, inputs, signal);
    },
  };
  runs = [];
  parts = {
    operations,
    engine,
    models: createModelStore(folder, join(folder, 'none')),
    faces: createFaceFinder(engine),
    identity: createIdentity(engine),
    latents: createLatentCache(),
  };
  processor = createProcessor(parts);
  photo = await readImage(join(fixtures, 'astronaut.png'));
  face = (await processor.findFaces(photo))[0]!;
});

afterAll(async () => {
  await processor.close();
  await rm(folder, { recursive: true });
});

const bytes = ({ patches }: OperationResult, index: number): Buffer => {
  const { buffer, byteOffset, byteLength } = patches[index]!.pixels.data;
  return Buffer.from(buffer, byteOffset, byteLength);
};

const encoderRuns = (): number => runs.filter((path) => path.endsWith('encoder.onnx')).length;

function region(overrides: Partial<Region> = {}): Region {
  const bounds = faceRegion(face, { left: 0, top: 0, right: photo.width, bottom: photo.height });
  const pixels = cropRaster(photo, bounds);
  return { bounds, pixels, face, faceNumber: 1, hole: null, latents: null, ...overrides };
}

async function run(
  operation: string,
  overrides: Partial<Job> = {},
): Promise<OperationResult & { progress: Progress[] }> {
  const progress: Progress[] = [];
  const result = await runToEnd(
    processor,
    { operation, model: null, parameters: {}, regions: [region()], ...overrides },
    { signal: new AbortController().signal, onProgress: (step) => progress.push(step) },
  );
  return { ...result, progress };
}

test('a patch lies over the face, with a mask, a name to repeat it by, and its likeness', async () => {
  const { patches, progress, timings } = await run('frontalize');
  expect(patches).toHaveLength(1);
  const [patch] = patches;
  expect(patch!.name).toBe('Frontalize · face 1 · tiny-frontal');
  expect(patch!.space).toEqual({ kind: 'document' });
  const { left, top, right, bottom } = patch!.bounds;
  expect(left).toBeGreaterThanOrEqual(region().bounds.left);
  expect(top).toBeGreaterThanOrEqual(region().bounds.top);
  expect(patch!.pixels.data).toHaveLength((right - left) * (bottom - top) * 4);
  expect(patch!.mask.data).toHaveLength((right - left) * (bottom - top));
  expect(Math.max(...patch!.mask.data)).toBe(255);
  expect(patch!.identity).toBeGreaterThanOrEqual(0);
  expect(patch!.identity).toBeLessThanOrEqual(1);
  expect(progress.at(-1)).toEqual({ stage: 'paste', done: 2, total: 2 });
  expect(timings.map(({ stage }) => stage)).toEqual(['align', 'encode', 'decode', 'paste']);
});

test('variants count their seeds up, repeat exactly, and cost no second encoding', async () => {
  const parameters = { variants: 2, seed: 4294967295, styles: ['coarse', 'middle', 'fine'] };
  const first = await run('resample-style', { parameters });
  expect(first.patches.map((patch) => patch.seed)).toEqual([4294967295, 0]);
  expect(first.patches[0]!.name).toBe('Resample style · face 1 · tiny · seed 4294967295');
  const before = encoderRuns();
  const again = await run('resample-style', {
    parameters: { ...parameters, variants: 1, seed: 0 },
  });
  expect(encoderRuns()).toBe(before);
  expect(bytes(again, 0).equals(bytes(first, 1))).toBe(true);
  expect(bytes(first, 0).equals(bytes(first, 1))).toBe(false);
});

test('truncated to nothing, every seed draws the mean of the model; else they differ', async () => {
  const codes = async (seed: number, truncation: number): Promise<number[]> => {
    const styles = ['coarse', 'middle', 'fine'];
    const parameters = { variants: 1, seed, alpha: 1, truncation, styles };
    return [...(await run('resample-style', { parameters })).patches[0]!.latents.data];
  };
  const [mean, one, half] = [await codes(3, 0), await codes(3, 1), await codes(3, 0.5)];
  expect(await codes(4, 0)).toEqual(mean);
  expect(await codes(4, 1)).not.toEqual(one);
  half.forEach((value, d) => expect(value).toBeCloseTo((mean[d]! + one[d]!) / 2, 4));
});

test('alpha 0 is the reconstruction itself where the photograph is not kept, else nothing', async () => {
  const blending = { area: 'face', feather: 0.1, matchGrain: false };
  const plain = await run('reconstruct', { parameters: blending });
  const parameters = { ...blending, variants: 1, alpha: 0, keep: 0 };
  const drawn = await run('resample-style', { parameters });
  expect([...drawn.patches[0]!.latents.data]).toEqual([...plain.patches[0]!.latents.data]);
  expect(bytes(drawn, 0).equals(bytes(plain, 0))).toBe(true);
  const kept = await run('resample-style', { parameters: { ...parameters, keep: 1 } });
  expect(Math.max(...kept.patches[0]!.mask.data)).toBe(0);
  expect(kept.patches[0]!.identity).toBeGreaterThan(0.99);
});

test('saved latents replace the encoding; foreign ones are refused', async () => {
  const { patches } = await run('reconstruct');
  const before = encoderRuns();
  const latents = patches[0]!.latents;
  const again = await run('reconstruct', { regions: [region({ latents })] });
  expect(encoderRuns()).toBe(before);
  expect(bytes(again, 0).equals(bytes({ patches, timings: [] }, 0))).toBe(true);
  const foreign = { data: new Float32Array(18 * 512), shape: [18, 512] as const };
  await expect(run('reconstruct', { regions: [region({ latents: foreign })] })).rejects.toThrow(
    'These latents are 18 × 512; the model "tiny" takes 10 × 19.',
  );
});

test('a face found roughly, in a preview, is measured again in the real pixels', async () => {
  const shift = { x: 3, y: -2 };
  const rough = await run('reconstruct', {
    regions: [region({ face: transformFace(face, 1, shift) })],
    parameters: { area: 'crop' },
  });
  const exact = await run('reconstruct', { parameters: { area: 'crop' } });
  const { left, top } = rough.patches[0]!.bounds;
  expect(Math.abs(left - exact.patches[0]!.bounds.left)).toBeLessThanOrEqual(1);
  expect(Math.abs(top - exact.patches[0]!.bounds.top)).toBeLessThanOrEqual(1);
});

test('several faces go through one run of each network', async () => {
  runs.length = 0;
  const regions = [region(), region({ faceNumber: 2, pixels: photo, bounds: whole(photo) })];
  const { patches } = await run('frontalize', { regions });
  expect(patches.map((patch) => patch.faceNumber)).toEqual([1, 2]);
  expect(runs.filter((path) => path.includes('decoder-'))).toHaveLength(1);
});

test('a result is placed again without a network, as a run with those values would place it', async () => {
  const parameters = { variants: 1, area: 'head', keep: 1 };
  const { patches } = await run('resample-style', { parameters });
  const changes = { area: 'face', feather: 0.05, keep: 0.4, matchColour: 0.5 };
  const other = await run('resample-style', { parameters: { ...parameters, ...changes } });
  runs.length = 0;
  const again = await processor.place(patches[0]!.placing!, changes);
  expect(runs).toEqual([]);
  expect(again.bounds).toEqual(other.patches[0]!.bounds);
  expect(again.mask).toEqual(other.patches[0]!.mask);
  expect(again.pixels).toEqual(other.patches[0]!.pixels);
});

test('placing again refuses what needs the networks, and what is not kept', async () => {
  const { patches } = await run('reconstruct');
  await expect(processor.place(patches[0]!.placing!, { seed: 3 })).rejects.toMatchObject({
    code: 'BAD_INPUT',
  });
  await expect(processor.place('nothing', {})).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

describe('a selection', () => {
  /** The left half of the region, its edge a quarter of the way in between. */
  const leftHalf = (): Mask => {
    const { width, height } = region().pixels;
    const middle = Math.floor(width / 2);
    const data = Uint8Array.from({ length: width * height }, (_, i) => {
      const x = i % width;
      return x < middle ? 255 : x === middle ? 64 : 0;
    });
    return { width, height, data };
  };
  const made = async (operation: string, parameters: Job['parameters'], hole: Mask | null) =>
    (await run(operation, { parameters, regions: [{ ...region(), hole }] })).patches[0]!;
  const sum = (a: Mask, b: Mask): Uint8Array => a.data.map((value, i) => value + b.data[i]!);
  const largest = (a: Uint8Array, b: Uint8Array): number =>
    a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);

  test('is kept to, or out of; together that is the layer without it', async () => {
    const hole = leftHalf();
    const all = await made('reconstruct', {}, hole);
    const only = await made('reconstruct', { selection: 'only' }, hole);
    const rest = await made('reconstruct', { selection: 'protected' }, hole);
    expect(only.pixels).toEqual(all.pixels);
    expect(largest(sum(only.mask, rest.mask), all.mask.data)).toBeLessThanOrEqual(1);
    const row = Math.floor(all.mask.height / 2) * all.mask.width;
    const middle = Math.floor(region().pixels.width / 2) + region().bounds.left - all.bounds.left;
    const at = ({ mask }: typeof all, x: number): number => mask.data[row + x]!;
    expect([at(only, middle + 1), at(rest, middle - 1)]).toEqual([0, 0]);
    expect(at(only, middle - 1)).toBe(at(all, middle - 1));
    expect(at(all, middle - 1)).toBeGreaterThan(200);
  });

  test('can be kept to afterwards, without a network', async () => {
    const hole = leftHalf();
    const all = await made('reconstruct', {}, hole);
    const only = await made('reconstruct', { selection: 'only' }, hole);
    runs.length = 0;
    const again = await processor.place(all.placing!, { selection: 'only' });
    expect(runs).toEqual([]);
    expect(again.mask).toEqual(only.mask);
  });

  test('that there was not is refused where a result would keep to it', async () => {
    await expect(made('reconstruct', { selection: 'only' }, null)).rejects.toMatchObject({
      code: 'BAD_INPUT',
    });
    const free = await made('reconstruct', { selection: 'protected' }, null);
    expect(free.mask).toEqual((await made('reconstruct', {}, null)).mask);
  });

  test('is enlarged with the document', async () => {
    const parameters = { size: 'x2', selection: 'only' };
    const { mask, bounds } = await made('super-resolve', parameters, leftHalf());
    const middle = 2 * (Math.floor(region().pixels.width / 2) + region().bounds.left) - bounds.left;
    const row = Math.floor(mask.height / 2) * mask.width;
    expect(mask.data[row + middle - 2]).toBeGreaterThan(200);
    expect(mask.data[row + middle + 4]).toBe(0);
  });
});

const whole = ({ width, height }: Raster): Region['bounds'] => ({
  left: 0,
  top: 0,
  right: width,
  bottom: height,
});

describe('inpainting', () => {
  const holeAround = (): Mask => {
    const { pixels, bounds } = region();
    const { width, height } = pixels;
    const x = Math.round(face.landmarks.leftEye.x) - bounds.left;
    const y = Math.round(face.landmarks.leftEye.y) - bounds.top;
    const data = new Uint8Array(width * height);
    for (let dy = -6; dy <= 6; dy += 1)
      data.fill(255, (y + dy) * width + x - 8, (y + dy) * width + x + 8);
    return { width, height, data };
  };

  test('without a feather the mask is the selection itself, pixel for pixel', async () => {
    const hole = holeAround();
    const { patches } = await run('inpaint', {
      parameters: { feather: 0 },
      regions: [region({ hole })],
    });
    const { bounds, mask } = patches[0]!;
    const { left, top } = region().bounds;
    for (let y = 0; y < mask.height; y += 1) {
      const from = (y + bounds.top - top) * hole.width + bounds.left - left;
      const row = mask.data.subarray(y * mask.width, (y + 1) * mask.width);
      expect(Buffer.compare(row, hole.data.subarray(from, from + mask.width))).toBe(0);
    }
  });

  test('a feather fades in from the rim, within the selection', async () => {
    const hole = holeAround();
    const parameters = { feather: 0.3 };
    const { patches } = await run('inpaint', { parameters, regions: [region({ hole })] });
    const { bounds, mask } = patches[0]!;
    const { left, top } = region().bounds;
    const levels = new Set<number>();
    for (let y = 0; y < mask.height; y += 1) {
      for (let x = 0; x < mask.width; x += 1) {
        const value = mask.data[y * mask.width + x]!;
        const at = (y + bounds.top - top) * hole.width + x + bounds.left - left;
        expect(value).toBeLessThanOrEqual(hole.data[at]!);
        if (hole.data[at]) levels.add(value);
      }
    }
    expect(levels.size).toBeGreaterThan(5);
    expect(Math.max(...levels)).toBe(255);
    expect(Math.min(...levels)).toBeLessThan(60);
  });

  test('transparency is a hole too, and is filled opaquely', async () => {
    const { pixels, ...rest } = region();
    const hole = holeAround();
    const erased: Raster = { ...pixels, data: pixels.data.slice() };
    hole.data.forEach((value, i) => {
      if (value) erased.data[i * 4 + 3] = 0;
    });
    const { patches } = await run('inpaint', { regions: [{ ...rest, pixels: erased }] });
    const { mask, pixels: filled } = patches[0]!;
    expect(mask.data.reduce((sum, value) => sum + value, 0)).toBe(
      hole.data.reduce((sum, value) => sum + value, 0),
    );
    mask.data.forEach((value, i) => {
      if (value) expect(filled.data[i * 4 + 3]).toBe(255);
    });
  });

  test('without a hole, and with one of another size, it is refused in words', async () => {
    await expect(run('inpaint')).rejects.toThrow('Inpaint needs to know what to fill');
    const hole = { width: 2, height: 2, data: new Uint8Array(4) };
    await expect(run('inpaint', { regions: [region({ hole })] })).rejects.toThrow(
      'The mask is 2 × 2 pixels and the picture',
    );
  });
});

test('super-resolving in an enlarged document counts there; native is the crop alone', async () => {
  const enlarged = await run('super-resolve', { parameters: { size: 'x2' } });
  const inPlace = await run('super-resolve');
  expect(enlarged.patches[0]!.space).toEqual({ kind: 'enlarged', factor: 2 });
  expect(enlarged.patches[0]!.bounds.left / 2).toBeCloseTo(inPlace.patches[0]!.bounds.left, -0.5);
  const native = await run('super-resolve', { parameters: { size: 'native' } });
  expect(native.patches[0]).toMatchObject({
    space: { kind: 'crop' },
    bounds: { left: 0, top: 0, right: 64, bottom: 64 },
  });
});

test('16-bit pixels stay 16 bit', async () => {
  const { pixels, ...rest } = region();
  const deep: Raster = { ...pixels, data: Uint16Array.from(pixels.data, (value) => value * 257) };
  const { patches } = await run('reconstruct', { regions: [{ ...rest, pixels: deep }] });
  expect(patches[0]!.pixels.data).toBeInstanceOf(Uint16Array);
});

test.each(['sketch-to-face', 'labels-to-face'] as const)('%s reads the whole layer', async (id) => {
  const data = new Uint8Array(30 * 20 * 4);
  const pixels: Raster = { width: 30, height: 20, data };
  const bounds = { left: -5, top: 40, right: 25, bottom: 60 };
  const { patches } = await run(id, {
    parameters: { variants: 1 },
    regions: [{ bounds, pixels, face: null, faceNumber: null, hole: null, latents: null }],
  });
  expect(patches[0]!.bounds).toEqual({ left: -5, top: 35, right: 25, bottom: 65 });
  expect(patches[0]!.identity).toBeNull();
});

test('what cannot be done is refused in words', async () => {
  await expect(run('toonify')).rejects.toThrow(
    'Toonify or other domain needs a model that is not installed. Import psp_ffhq_toonify.pt',
  );
  await expect(run('frontalize', { model: 'tiny' })).rejects.toThrow(
    'The model "tiny" was made for reconstruct, not for Frontalize.',
  );
  await expect(run('frontalize', { model: 'x' })).rejects.toThrow('No model "x" is installed.');
  await expect(run('frontalize', { parameters: { area: 'x' } })).rejects.toThrow(
    'Area cannot be "x". Use one of auto, face, head, crop.',
  );
  const small = { ...face, refusal: 'too-small' } as const;
  await expect(run('frontalize', { regions: [region({ face: small })] })).rejects.toMatchObject({
    code: 'FACE_TOO_SMALL',
  });
  const wrong = { ...region().pixels, width: 3 };
  await expect(run('frontalize', { regions: [region({ pixels: wrong })] })).rejects.toMatchObject({
    code: 'BAD_INPUT',
  });
});

test('a cancelled job stops before the next stage', async () => {
  const cancel = new AbortController();
  const job = runToEnd(
    processor,
    { operation: 'frontalize', model: null, parameters: {}, regions: [region()] },
    { signal: cancel.signal, onProgress: ({ done }) => done > 0 && cancel.abort() },
  );
  await expect(job).rejects.toMatchObject({ code: 'CANCELLED' });
});

/** An edit to see through: the codes are multiplied. */
const scale = defineOperation({
  declaration: {
    id: 'scale',
    label: 'Scale',
    summary: 'Codes multiplied.',
    input: 'face',
    composition: 'replace',
    mask: 'none',
    variants: false,
    parameters: [
      {
        kind: 'number',
        name: 'by',
        label: 'By',
        hint: '',
        default: 1,
        min: 0,
        max: 2,
        step: 0.5,
      },
    ],
    modelHint: 'a checkpoint',
  },
  servedBy: ['reconstruct'],
  encoderInput: (source) => toSigned(source.rgb),
  edit: ({ data, shape }, { by }) => ({ data: data.map((value) => value * by), shape }),
});

test('an operation may edit the codes; the cache keeps them as they were encoded', async () => {
  const edited = createProcessor({ ...parts, operations: createRegistry([scale]) });
  const codesBy = async (by: number): Promise<number> => {
    const { patches } = await runToEnd(
      edited,
      { operation: 'scale', model: null, parameters: { by }, regions: [region()] },
      { signal: new AbortController().signal, onProgress: () => undefined },
    );
    return patches[0]!.latents.data[0]!;
  };
  const [once, half] = [await codesBy(1), await codesBy(0.5)];
  expect(once).not.toBe(0);
  expect(half).toBeCloseTo(once / 2);
  expect(await codesBy(1)).toBe(once);
});

test('a preview shows edited codes small, and how like the unedited they are', async () => {
  const edited = createProcessor({ ...parts, operations: createRegistry([scale]) });
  const { signal } = new AbortController();
  const job = { operation: 'scale', model: 'tiny', parameters: { by: 2 }, regions: [region()] };
  const options = { signal, onProgress: () => undefined };
  const [patch] = (await runToEnd(edited, job, options)).patches;
  const latents = patch!.source;
  expect(patch!.latents.data[0]).toBeCloseTo(latents.data[0]! * 2);
  const scaled = { operation: 'scale', model: 'tiny', latents, placing: null } as const;
  const preview = (by: number) => edited.preview({ ...scaled, parameters: { by } }, signal);
  const [same, other] = [await preview(1), await preview(0)];
  expect(same.pixels).toMatchObject({ width: 64, height: 64 });
  expect(same.identity).toBeGreaterThan(0.99);
  expect(other.identity).toBeLessThan(same.identity);
  expect(other.pixels.data).not.toEqual(same.pixels.data);
  const foreign = { data: new Float32Array(4), shape: [2, 2] } as const;
  await expect(
    edited.preview({ ...scaled, parameters: {}, latents: foreign }, signal),
  ).rejects.toMatchObject({ code: 'BAD_INPUT' });
});

test('each patch comes as soon as it is ready, and no more are drawn after a cancel', async () => {
  const cancel = new AbortController();
  const seen: (number | null)[] = [];
  const parameters = { variants: 16, seed: 5 };
  const job = processor.run(
    { operation: 'resample-style', model: null, parameters, regions: [region()] },
    {
      signal: cancel.signal,
      onProgress: () => undefined,
      onPatch: ({ seed }) => {
        seen.push(seed);
        if (seen.length === 2) setImmediate(() => cancel.abort());
      },
    },
  );
  await expect(job).rejects.toMatchObject({ code: 'CANCELLED' });
  expect(seen).toEqual([5, 6]);
});

test('two faces with three variants: all are scored against their own face in one run for each batch', async () => {
  const before = runs.length;
  const regions = [region(), region({ faceNumber: 2 })];
  const { patches } = await run('resample-style', { regions, parameters: { variants: 3 } });
  expect(patches.map(({ faceNumber, variant }) => [faceNumber, variant])).toEqual([
    [1, 1],
    [1, 2],
    [1, 3],
    [2, 1],
    [2, 2],
    [2, 3],
  ]);
  const again = await run('resample-style', { parameters: { variants: 3 } });
  expect(patches.slice(0, 3).map(({ identity }) => identity)).toEqual(
    again.patches.map(({ identity }) => expect.closeTo(identity!)),
  );
  const identityRuns = runs.slice(before).filter((path) => path.includes('identity')).length;
  expect(identityRuns).toBe(2);
});

test('what would fill the memory is refused before any of it is made', async () => {
  const pixels = { width: 30_000, height: 1, data: new Uint8Array(120_000) };
  const bounds = { left: 0, top: 0, right: 30_000, bottom: 1 };
  const long = region({ pixels, bounds, face: null, faceNumber: null });
  await expect(run('sketch-to-face', { regions: [long] })).rejects.toMatchObject({
    code: 'TOO_LARGE',
    message: expect.stringContaining('30000 × 1'),
  });

  const wide = { left: 0, top: 0, right: 4096, bottom: 4096 };
  const blank = { width: 4096, height: 4096, data: new Uint8Array(4096 * 4096 * 4) };
  for (let y = 0; y < photo.height; y++) {
    const row = photo.data.subarray(y * photo.width * 4, (y + 1) * photo.width * 4);
    blank.data.set(row, y * 4096 * 4);
  }
  const huge = region({ pixels: blank, bounds: wide });
  const enlarging = run('super-resolve', { regions: [huge], parameters: { size: 'x8' } });
  await expect(enlarging).rejects.toMatchObject({
    code: 'TOO_LARGE',
    message: expect.stringContaining('enlarged 8 times'),
  });

  const parameters = { variants: 16 };
  const many = run('resample-style', { regions: [huge, huge], parameters });
  await expect(many).rejects.toMatchObject({
    code: 'TOO_LARGE',
    message: expect.stringMatching(/^32 layers of this size may take 2\.5 GB/),
  });
});
