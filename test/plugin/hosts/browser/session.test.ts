import { JobController } from '../../../../plugin/core/jobController';
import { Observable } from '../../../../plugin/core/observable';
import { Results } from '../../../../plugin/core/results';
import { freeze, KeptNames, thaw, type Kept } from '../../../../plugin/hosts/browser/keep/freeze';
import { Session, type KeptState } from '../../../../plugin/hosts/browser/keep/session';
import { createBrowserHarness } from '../../../support/browserHarness';
import { faceAt, FakeBridge, order } from '../../../support/fakeBridge';
import { ManualTimers, settled } from '../../../support/manualTimers';

/* A page's documents and results, kept and brought back; the disk is a map. */

class MemoryFolder {
  private readonly names = new KeptNames();
  private text: string | null = null;
  private readonly buffers = new Map<string, Blob>();

  async read(): Promise<unknown> {
    if (this.text === null) return null;
    return thaw(this.text, new KeptNames(), async (name) => this.buffers.get(name)!);
  }

  sizeOf(value: unknown): number {
    const { text, kept } = freeze(value, this.names);
    const sizeOf = (part: Kept) => (part instanceof Blob ? part.size : part.byteLength);
    return [...kept.values()].reduce((sum, part) => sum + sizeOf(part), text.length);
  }

  async write(value: unknown): Promise<void> {
    const { text, kept } = freeze(value, this.names);
    this.text = text;
    for (const [name, part] of kept) this.buffers.set(name, new Blob([part as BlobPart]));
  }
}

/** A page that keeps what it does, no more than so many bytes. */
async function openPage(folder: MemoryFolder, limitBytes?: number) {
  const harness = createBrowserHarness();
  const { host, workspace } = harness;
  const timers = new ManualTimers();
  const bridge = new FakeBridge();
  bridge.faces = [faceAt({ left: 10, top: 10, right: 40, bottom: 40 })];
  bridge.finishesAtOnce = true;
  const jobs = new JobController(host, bridge, () => null);
  const results = new Results(host, jobs, timers);
  const state = new Observable<KeptState>({ kind: 'off' });
  const parts = { workspace, host, jobs, results, timers, state };
  await new Session(folder, parts, limitBytes).start();
  const rest = async () => {
    timers.advance(400);
    await settled();
    return state.value;
  };
  const run = async (grain: boolean) => {
    const [target] = await host.listTargets('selected-layers');
    await jobs.start(target!, { ...order, parameters: { grain } }).end;
  };
  return { harness, jobs, results, run, rest };
}

test('of what is more than may be kept the oldest result is left out, and nothing of the document', async () => {
  const folder = new MemoryFolder();
  const first = await openPage(folder);
  const bounds = { left: 0, top: 0, right: 60, bottom: 60 };
  const layers = [{ name: 'Photo', bounds, colour: [9, 9, 9, 255] as const }];
  await first.harness.openDocument({
    ...{ name: 'p', width: 60, height: 60, depth: 8, layers, selected: ['Photo'] },
  });
  for (const grain of [true, false, true]) await first.run(grain);
  const all = await first.rest();
  expect(all).toMatchObject({ kind: 'kept', leftOut: { results: 0, undoSteps: 0 } });
  first.results.close();

  const { bytes } = all as Extract<KeptState, { kind: 'kept' }>;
  const second = await openPage(folder, bytes - 1);
  const less = await second.rest();
  expect(less).toMatchObject({ kind: 'kept', leftOut: { results: 1, undoSteps: 0 } });
  second.results.close();

  const third = await openPage(folder);
  const grains = third.jobs.jobs.value.map((job) => job.order.parameters['grain']);
  expect(grains).toEqual([false, true]);
  const names = async ({ harness }: typeof first) =>
    (await harness.layers()).map(({ name }) => name);
  expect(await names(third)).toEqual(await names(first));
  expect(await third.harness.history()).toHaveLength(3);
  third.results.close();
});

test('a document that is too large by itself is not kept, and that is known', async () => {
  const page = await openPage(new MemoryFolder(), 10);
  expect(await page.rest()).toEqual({ kind: 'too-large' });
  page.results.close();
});
