import { History, type HistoryEntry } from '../../../plugin/core/history';
import { JobController } from '../../../plugin/core/jobController';
import type { Order } from '../../../plugin/core/order';
import { createBrowserHarness } from '../../support/browserHarness';
import { faceAt, FakeBridge, frontalize } from '../../support/fakeBridge';
import { settled } from '../../support/manualTimers';

const order: Order = {
  operation: frontalize,
  model: null,
  parameters: {},
  faces: 'all',
  hole: 'selection',
  priority: 'interactive',
};

/** A store that is read when the test lets it, and what was written into it. */
function slowStore(kept: readonly HistoryEntry[]) {
  const written: (readonly HistoryEntry[])[] = [];
  let letRead = (): void => undefined;
  const reading = new Promise<readonly HistoryEntry[]>((resolve) => {
    letRead = () => resolve(kept);
  });
  const write = async (entries: readonly HistoryEntry[]) => void written.push(entries);
  return { store: { read: () => reading, write }, written, letRead: () => letRead() };
}

async function makeOne(jobs: JobController, bridge: FakeBridge, harness: Harness): Promise<void> {
  const [target] = await harness.host.listTargets('selected-layers');
  const { end } = jobs.start(target!, order);
  await settled();
  bridge.runs.at(-1)!.finish();
  await end;
  await settled();
}
type Harness = ReturnType<typeof createBrowserHarness>;

const entry = (at: number): HistoryEntry => ({
  id: `${at}`,
  at,
  order,
  documentName: 'before',
  layerName: 'Photo',
  seed: null,
  identity: null,
  picture: { width: 1, height: 1, data: new Uint8Array(4) },
});

test('what is made before the kept lines could be read joins them; of 300 the oldest goes', async () => {
  const harness = createBrowserHarness();
  const bridge = new FakeBridge();
  bridge.faces = [faceAt({ left: 10, top: 10, right: 40, bottom: 40 })];
  const jobs = new JobController(harness.host, bridge, () => null);
  const bounds = { left: 0, top: 0, right: 60, bottom: 60 };
  await harness.openDocument({
    name: 'portrait',
    width: 60,
    height: 60,
    depth: 8,
    layers: [{ name: 'Photo', bounds, colour: [200, 100, 50, 255] }],
    selected: ['Photo'],
  });
  const kept = Array.from({ length: 300 }, (_, index) => entry(300 - index));
  const { store, written, letRead } = slowStore(kept);
  const history = new History(store, () => 1000);
  history.start(jobs);

  await makeOne(jobs, bridge, harness);
  expect(history.entries.value.map(({ documentName }) => documentName)).toEqual(['portrait']);
  expect(written).toEqual([]);

  letRead();
  await settled();
  expect(history.entries.value).toHaveLength(300);
  expect(history.entries.value.slice(0, 2).map(({ at }) => at)).toEqual([1000, 300]);
  expect(history.entries.value.at(-1)!.at).toBe(2);
  expect(written).toEqual([history.entries.value]);
});
