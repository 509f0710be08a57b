import { JobController } from '../../../plugin/core/jobController';
import { Mixer } from '../../../plugin/core/mixer';
import { Results } from '../../../plugin/core/results';
import { createBrowserHarness, type BrowserHarness } from '../../support/browserHarness';
import { faceAt, FakeBridge, order, inpaint, resampleStyle } from '../../support/fakeBridge';
import { ManualTimers, settled } from '../../support/manualTimers';

let harness: BrowserHarness;
let bridge: FakeBridge;
let timers: ManualTimers;
let jobs: JobController;
let results: Results;

beforeEach(async () => {
  harness = createBrowserHarness();
  timers = new ManualTimers();
  bridge = new FakeBridge();
  bridge.faces = [faceAt({ left: 10, top: 10, right: 40, bottom: 40 })];
  bridge.finishesAtOnce = true;
  jobs = new JobController(harness.host, bridge, () => null);
  results = new Results(harness.host, jobs, timers);
  const bounds = { left: 0, top: 0, right: 60, bottom: 60 };
  const layers = [{ name: 'Photo', bounds, colour: [9, 9, 9, 255] as const }];
  const size = { width: 60, height: 60, depth: 8 } as const;
  await harness.openDocument({ name: 'p', ...size, layers, selected: ['Photo'] });
});
afterEach(() => results.close());

const target = async () => (await harness.host.listTargets('selected-layers'))[0]!;
const count = async () => {
  timers.advance(150);
  await settled();
  return results.list.value.length;
};

test('a result goes with its layer, comes back with redo, and goes with its document', async () => {
  await jobs.start(await target(), order).end;
  expect(await count()).toBe(1);
  await harness.undo();
  expect(await count()).toBe(0);
  harness.workspace.active.value!.redo();
  expect(await count()).toBe(1);
  await harness.closeDocument();
  expect(await count()).toBe(0);
});

test('undo of a mix brings back what the card said before it, redo what it said after', async () => {
  await jobs.start(await target(), order).end;
  await count();
  const [job] = jobs.jobs.value;
  const of = { job: job!, model: 'starter' };
  const mixer = new Mixer(harness.host, bridge, resampleStyle, of, (mixed, replaced) =>
    jobs.updateLayer(job!.id, mixed, replaced),
  );
  const card = async () => {
    await count();
    return results.chosenOf(results.list.value[0]!);
  };
  const first = await card();
  await mixer.mix({ seed: 9 }, first);
  const mixed = await card();
  expect(mixed).toMatchObject({ seed: 9, made: { operation: { id: 'resample-style' } } });
  await harness.undo();
  expect(await card()).toEqual(first);
  await mixer.mix({ seed: 10 }, await card());
  expect((await card()).seed).toBe(10);
  await harness.undo();
  expect(await card()).toEqual(first);
  harness.workspace.active.value!.redo();
  expect((await card()).seed).toBe(10);
});

test('opacity and which variant is shown are those of the document, after undo too', async () => {
  const drawn = { ...order, operation: resampleStyle, parameters: { variants: 2 } };
  await jobs.start(await target(), drawn).end;
  await count();
  const result = () => results.list.value[0]!;
  const [one, two] = result().layers;
  await results.choose(result(), two!, 'Choose');
  expect(results.chosenOf(result()).variant).toBe(2);
  await harness.host.setOpacity(two!.handle, 0.25);
  await count();
  expect(results.chosenOf(result()).opacity).toBe(0.25);
  await harness.undo();
  await count();
  expect(results.chosenOf(result()).opacity).toBe(1);
  await harness.undo();
  await count();
  expect(results.chosenOf(result())).toMatchObject({ variant: 1, handle: one!.handle });
});

test('the same work is known while it runs and while its layer is there', async () => {
  bridge.finishesAtOnce = false;
  const { end } = jobs.start(await target(), order);
  expect(results.hasMade(await target(), order)).toBe(true);
  await settled();
  bridge.runs[0]!.finish();
  await end;
  await count();
  expect(results.hasMade(await target(), order)).toBe(true);
  expect(results.hasMade(await target(), { ...order, parameters: { grain: false } })).toBe(false);
  await harness.undo();
  await count();
  expect(results.hasMade(await target(), order)).toBe(false);
});

test('a selection may have changed: filling it again is other work', async () => {
  await harness.select({ left: 20, top: 20, right: 30, bottom: 30 });
  const filling = { ...order, operation: inpaint };
  await jobs.start(await target(), filling).end;
  await count();
  expect(results.hasMade(await target(), filling)).toBe(false);
});
