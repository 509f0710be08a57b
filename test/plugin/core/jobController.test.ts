import { JobController } from '../../../plugin/core/jobController';
import type { LayerTarget } from '../../../plugin/core/document';
import type { Order } from '../../../plugin/core/order';
import { PspError } from '../../../protocol/errors';
import { createBrowserHarness, type BrowserHarness } from '../../support/browserHarness';
import {
  codes,
  faceAt,
  FakeBridge,
  frontalize,
  inpaint,
  resampleStyle,
} from '../../support/fakeBridge';
import { settled } from '../../support/manualTimers';

const order: Order = {
  operation: frontalize,
  model: null,
  parameters: { grain: true },
  faces: 'all',
  hole: 'selection',
  priority: 'interactive',
};
const faces = [
  faceAt({ left: 10, top: 10, right: 40, bottom: 40 }),
  faceAt({ left: 50, top: 10, right: 70, bottom: 30 }),
  faceAt({ left: 90, top: 10, right: 95, bottom: 15 }, 'too-small'),
];

let harness: BrowserHarness;
let bridge: FakeBridge;
let jobs: JobController;
let target: LayerTarget;

beforeEach(async () => {
  harness = createBrowserHarness();
  bridge = new FakeBridge();
  bridge.faces = faces;
  jobs = new JobController(harness.host, bridge, () => null);
  await harness.openDocument({
    name: 'portrait',
    width: 100,
    height: 80,
    depth: 8,
    layers: [
      {
        name: 'Photo',
        bounds: { left: 0, top: 0, right: 100, bottom: 80 },
        colour: [200, 100, 50, 255],
      },
    ],
    selected: ['Photo'],
  });
  target = (await harness.host.listTargets('selected-layers'))[0]!;
});

const layerNames = async () => (await harness.layers()).map((layer) => layer.name);
const state = (id: number) => jobs.jobs.value.find((job) => job.id === id)!.state;

test('faces become layers in one undo step, and the face that is too small is left alone', async () => {
  const { id, end } = jobs.start(target, order);
  await settled();
  expect(bridge.runs[0]!.request.regions.map((region) => region.bounds)).toEqual([
    { left: 8, top: 8, right: 42, bottom: 42 },
    { left: 48, top: 8, right: 72, bottom: 32 },
  ]);
  bridge.runs[0]!.finish();
  const result = await end;
  expect(await layerNames()).toEqual([
    'Photo',
    'Frontalize · Photo',
    'frontalize · face 1 · 1',
    'frontalize · face 2 · 1',
  ]);
  expect(await harness.history()).toEqual(['Frontalize']);
  expect(state(id)).toEqual({ kind: 'done', result });
  expect(result.layers.map((layer) => [layer.faceNumber, layer.latents])).toEqual([
    [1, codes(0)],
    [2, codes(1)],
  ]);
  expect(bridge.runs[0]!.forgotten).toBe(true);
});

test('the thumbnails show the place before and after', async () => {
  const { end } = jobs.start(target, { ...order, faces: 'largest' });
  await settled();
  bridge.runs[0]!.finish();
  const [layer] = (await end).layers;
  expect([...layer!.before.data.slice(0, 4)]).toEqual([200, 100, 50, 255]);
  expect([...layer!.after.data.slice(0, 4)]).toEqual([255, 128, 0, 255]);
});

test('waiting, stage and time left are told', async () => {
  const { id } = jobs.start(target, order);
  await settled();
  bridge.runs[0]!.events.onQueued(2, null);
  expect(state(id)).toEqual({ kind: 'queued', place: 2, waitsFor: null });
  const progress = { stage: 'decode', done: 1, total: 4, share: 0.5, remainingMs: 900 } as const;
  bridge.runs[0]!.events.onProgress({ ...progress, glimpses: null });
  const running = { kind: 'running', progress: { ...progress, glimpses: null }, glimpse: null };
  expect(state(id)).toEqual(running);
});

test('a face that is fitted is shown as it looks so far; one look at a time, none for nothing new', async () => {
  const { id } = jobs.start(target, order);
  await settled();
  const run = bridge.runs[0]!;
  const step = { stage: 'encode', done: 1, total: 4, share: 0.5, remainingMs: null } as const;
  const picture = { width: 1, height: 1, data: Uint8Array.of(1, 2, 3, 255) };
  run.events.onProgress({ ...step, glimpses: null });
  run.glimpse = picture;
  run.events.onProgress({ ...step, glimpses: 1 });
  run.events.onProgress({ ...step, done: 2, glimpses: 1 });
  await settled();
  expect(run.looks).toBe(1);
  expect(state(id)).toMatchObject({ kind: 'running', progress: { done: 2 }, glimpse: picture });
  run.finish();
});

test('a cancelled job stops the bridge and writes nothing', async () => {
  const { id, end } = jobs.start(target, order);
  await settled();
  jobs.cancel(id);
  await expect(end).rejects.toMatchObject({ code: 'CANCELLED' });
  expect(bridge.runs[0]!.cancelled).toBe(true);
  expect(state(id)).toEqual({ kind: 'cancelled' });
  expect(await layerNames()).toEqual(['Photo']);
});

test('a job cancelled before the bridge has it never reaches the bridge', async () => {
  const { id, end } = jobs.start(target, order);
  jobs.cancel(id);
  await expect(end).rejects.toMatchObject({ code: 'CANCELLED' });
  expect(bridge.runs).toEqual([]);
});

test('a layer that went away while waiting is told and nothing is written', async () => {
  const { id, end } = jobs.start(target, order);
  await settled();
  await harness.deleteLayer('Photo');
  bridge.runs[0]!.finish();
  await expect(end).rejects.toMatchObject({ code: 'DOCUMENT_CHANGED' });
  expect(state(id)).toMatchObject({ kind: 'failed', error: { code: 'DOCUMENT_CHANGED' } });
  expect(await layerNames()).toEqual([]);
});

test('a failure of the bridge is kept in the job', async () => {
  const { id, end } = jobs.start(target, order);
  await settled();
  bridge.runs[0]!.fail(new PspError('OUT_OF_MEMORY', 'Too little memory.'));
  await expect(end).rejects.toMatchObject({ code: 'OUT_OF_MEMORY' });
  expect(state(id)).toMatchObject({ kind: 'failed', error: { code: 'OUT_OF_MEMORY' } });
  jobs.dismiss(id);
  expect(jobs.jobs.value).toEqual([]);
});

test.each([
  ['all', [], 'NO_FACE'],
  [3, faces, 'FACE_TOO_SMALL'],
  [4, faces, 'BAD_INPUT'],
  ['all', [faceAt({ left: 0, top: 0, right: 9, bottom: 9 }, 'turned-away')], 'FACE_TURNED_AWAY'],
] as const)('faces %p of %p are refused as %s', async (choice, found, code) => {
  bridge.faces = found;
  const { end } = jobs.start(target, { ...order, faces: choice });
  await expect(end).rejects.toMatchObject({ code });
  expect(bridge.runs).toEqual([]);
});

test('inpainting takes the selection of the moment of the click', async () => {
  const wanted = { ...order, operation: inpaint, faces: 'largest' } as const;
  await expect(jobs.start(target, wanted).end).rejects.toThrow('Nothing is selected');
  await harness.select({ left: 95, top: 75, right: 99, bottom: 79 });
  await expect(jobs.start(target, wanted).end).rejects.toThrow('does not touch this face');
  await harness.select({ left: 20, top: 20, right: 30, bottom: 30 });
  jobs.start(target, wanted);
  await settled();
  const hole = bridge.runs[0]!.request.regions[0]!.hole!;
  expect(hole.data.filter((value) => value === 255)).toHaveLength(100);
});

test('of several faces those that the selection touches are filled', async () => {
  await harness.select({ left: 52, top: 12, right: 60, bottom: 20 });
  jobs.start(target, { ...order, operation: inpaint });
  await settled();
  expect(bridge.runs[0]!.request.regions.map((region) => region.faceNumber)).toEqual([2]);
});

test('inpainting transparency needs some', async () => {
  const wanted = { ...order, operation: inpaint, hole: 'transparency' } as const;
  await expect(jobs.start(target, wanted).end).rejects.toThrow('transparent pixels');
});

describe('an order on several layers', () => {
  const names = ['Bottom', 'Middle', 'Top'];
  let targets: readonly LayerTarget[];

  beforeEach(async () => {
    const bounds = { left: 0, top: 0, right: 100, bottom: 80 };
    const colour = [200, 100, 50, 255] as const;
    const layers = names.map((name) => ({ name, bounds, colour }));
    const size = { width: 100, height: 80, depth: 8 } as const;
    await harness.openDocument({ name: 'three', ...size, layers, selected: names });
    targets = await harness.host.listTargets('selected-layers');
  });

  const list = () =>
    jobs.jobs.value.map(
      ({ target, run, state }) => `${target.layerName} ${run.number}/${run.count}: ${state.kind}`,
    );

  test('works on one after another, and a failure leaves the others alone', async () => {
    const ends = jobs.startRun(targets, order).map(({ end }) => end);
    await settled();
    expect(list()).toEqual(['Top 1/3: sending', 'Middle 2/3: waiting', 'Bottom 3/3: waiting']);
    expect(bridge.runs).toHaveLength(1);
    bridge.runs[0]!.finish();
    await ends[0];
    await settled();
    expect(list()).toEqual(['Top 1/3: done', 'Middle 2/3: sending', 'Bottom 3/3: waiting']);
    bridge.runs[1]!.fail(new PspError('OUT_OF_MEMORY', 'Too little memory.'));
    await expect(ends[1]).rejects.toMatchObject({ code: 'OUT_OF_MEMORY' });
    await settled();
    bridge.runs[2]!.finish();
    await ends[2];
    expect(list()).toEqual(['Top 1/3: done', 'Middle 2/3: failed', 'Bottom 3/3: done']);
    expect(await harness.history()).toEqual(['Frontalize', 'Frontalize']);
  });

  test('is cancelled as a whole; what is there already stays', async () => {
    const started = jobs.startRun(targets, order);
    await settled();
    bridge.runs[0]!.finish();
    await started[0]!.end;
    await settled();
    jobs.cancel(started[1]!.id);
    for (const { end } of started.slice(1)) {
      await expect(end).rejects.toMatchObject({ code: 'CANCELLED' });
    }
    expect(bridge.runs.map((run) => run.cancelled)).toEqual([false, true]);
    expect(list()).toEqual(['Top 1/3: done', 'Middle 2/3: cancelled']);
    expect(await harness.history()).toEqual(['Frontalize']);
  });
});

test('jobs that are brought back beside others get numbers of their own', async () => {
  jobs.start(target, order);
  await settled();
  const before = jobs.jobs.value;
  const shift = jobs.bringBack(before);
  expect(jobs.jobs.value.map(({ id, run }) => [id, run.id])).toEqual([
    [1 + shift, 1 + shift],
    [1, 1],
  ]);
  jobs.start(target, order);
  expect(new Set(jobs.jobs.value.map(({ id }) => id)).size).toBe(3);
});

test('jobs run side by side and each keeps its own pixels', async () => {
  const first = jobs.start(target, order);
  const second = jobs.start(target, {
    ...order,
    operation: resampleStyle,
    parameters: { variants: 2, seed: 7 },
    faces: 1,
  });
  await settled();
  bridge.runs.find((run) => run.request.operation === 'resample-style')!.finish();
  expect((await second.end).layers.map((layer) => layer.seed)).toEqual([7, 8]);
  expect(state(first.id).kind).toBe('sending');
});
