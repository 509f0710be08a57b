import { BatchQueue } from '../../../plugin/core/batchQueue';
import type { LayerTarget, PictureFolder } from '../../../plugin/core/document';
import { JobController } from '../../../plugin/core/jobController';
import type { Order } from '../../../plugin/core/order';
import { PspError } from '../../../protocol/errors';
import { createBrowserHarness, type BrowserHarness } from '../../support/browserHarness';
import { faceAt, FakeBridge, order, resampleStyle } from '../../support/fakeBridge';
import { settled } from '../../support/manualTimers';

let harness: BrowserHarness;
let bridge: FakeBridge;
let queue: BatchQueue;

beforeEach(() => {
  harness = createBrowserHarness();
  bridge = new FakeBridge();
  bridge.faces = [faceAt({ left: 10, top: 10, right: 40, bottom: 40 })];
  const jobs = new JobController(harness.host, bridge, () => null);
  queue = new BatchQueue(jobs, async () => undefined);
});

async function openPicture(name: string): Promise<LayerTarget> {
  const bounds = { left: 0, top: 0, right: 60, bottom: 60 };
  const layers = [{ name: 'Photo', bounds, colour: [9, 9, 9, 255] as const }];
  await harness.openDocument({
    name,
    width: 60,
    height: 60,
    depth: 8,
    layers,
    selected: ['Photo'],
  });
  return (await harness.host.listTargets('selected-layers'))[0]!;
}

/** A folder of pictures; `bad.png` cannot be opened. */
class FakeFolder implements PictureFolder {
  readonly name = 'pictures';
  readonly saved: string[] = [];
  readonly closed: string[] = [];

  constructor(private readonly pictures: readonly string[]) {}

  listPictures = async () => this.pictures;
  /** Which picture was saved for which work. */
  readonly works: string[] = [];

  listFinished = async (work: string) =>
    this.saved.filter((_, index) => (this.works[index] ?? work) === work);

  async open(picture: string): Promise<LayerTarget> {
    if (picture === 'bad.png')
      throw new PspError('BAD_INPUT', '"bad.png" is damaged. Leave it out.');
    return openPicture(picture);
  }

  async save(_target: LayerTarget, picture: string, work: string): Promise<void> {
    this.works[this.saved.length] = work;
    this.saved.push(picture);
  }

  async close(target: LayerTarget): Promise<void> {
    this.closed.push(target.documentName);
  }
}

const states = () => queue.state.value.items.map((item) => `${item.name}: ${item.state.kind}`);

test('a folder carries on after a failure and ends in a summary that names it', async () => {
  bridge.finishesAtOnce = true;
  const folder = new FakeFolder(['a.png', 'bad.png', 'c.psd']);
  await queue.start({ kind: 'folder', folder }, order);
  expect(queue.state.value.phase).toBe('finished');
  expect(states()).toEqual(['a.png: done', 'bad.png: failed', 'c.psd: done']);
  expect(folder.saved).toEqual(['a.png', 'c.psd']);
  expect(folder.closed).toEqual(['a.png', 'c.psd']);
  expect(bridge.runs.every((run) => run.request.priority === 'batch')).toBe(true);
});

test('a second run leaves out what is already there', async () => {
  bridge.finishesAtOnce = true;
  const folder = new FakeFolder(['a.png', 'c.psd']);
  folder.saved.push('a.png');
  await queue.start({ kind: 'folder', folder }, order);
  expect(states()).toEqual(['a.png: already-done', 'c.psd: done']);
});

test('another operation, model or setting is other work: it runs over the same folder', async () => {
  bridge.finishesAtOnce = true;
  const folder = new FakeFolder(['a.png']);
  const others: Partial<Order>[] = [
    {},
    { operation: resampleStyle },
    { model: 'imported' },
    { parameters: { grain: false } },
  ];
  for (const other of others) {
    await queue.start({ kind: 'folder', folder }, { ...order, ...other });
    expect(states()).toEqual(['a.png: done']);
  }
  await queue.start({ kind: 'folder', folder }, { ...order, parameters: { grain: true } });
  expect(states()).toEqual(['a.png: already-done']);
  expect(new Set(folder.works).size).toBe(others.length);
  expect(folder.works[0]).toMatch(/^frontalize [0-9a-f]{8}$/);
});

test('a stopped run saves nothing half, and goes on where it stopped', async () => {
  const folder = new FakeFolder(['a.png', 'c.psd']);
  const run = queue.start({ kind: 'folder', folder }, order);
  await settled();
  queue.stop();
  await run;
  expect(queue.state.value.phase).toBe('stopped');
  expect(states()).toEqual(['a.png: waiting', 'c.psd: waiting']);
  expect(folder.saved).toEqual([]);
  expect(folder.closed).toEqual(['a.png']);
  bridge.finishesAtOnce = true;
  await queue.resume();
  expect(states()).toEqual(['a.png: done', 'c.psd: done']);
});

test('layers and open documents run one after another', async () => {
  const targets = [await openPicture('one'), await openPicture('two')];
  const run = queue.start({ kind: 'layers', targets }, order);
  await settled();
  expect(bridge.runs).toHaveLength(1);
  bridge.runs[0]!.finish();
  await settled();
  bridge.runs[1]!.fail(new PspError('NO_FACE', 'No face.'));
  await run;
  expect(states()).toEqual(['one · Photo: done', 'two · Photo: failed']);
});

test('resuming tries failures again', async () => {
  const run = queue.start({ kind: 'layers', targets: [await openPicture('one')] }, order);
  await settled();
  bridge.runs[0]!.fail(new PspError('INFERENCE_FAILED', 'No.'));
  await run;
  bridge.finishesAtOnce = true;
  await queue.resume();
  expect(states()).toEqual(['one · Photo: done']);
});

test('a lost connection holds the queue instead of failing it', async () => {
  let ready!: () => void;
  const jobs = new JobController(harness.host, bridge, () => null);
  queue = new BatchQueue(jobs, () => new Promise((resolve) => (ready = resolve)));
  bridge.finishesAtOnce = true;
  const run = queue.start({ kind: 'layers', targets: [await openPicture('one')] }, order);
  await settled();
  expect(bridge.runs).toEqual([]);
  ready();
  await run;
  expect(states()).toEqual(['one · Photo: done']);
});
