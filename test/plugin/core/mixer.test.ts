import type { MadeLayer } from '../../../plugin/core/job';
import { JobController } from '../../../plugin/core/jobController';
import { Mixer } from '../../../plugin/core/mixer';
import type { Order } from '../../../plugin/core/order';
import { createBrowserHarness } from '../../support/browserHarness';
import { codes, faceAt, FakeBridge, order, resampleStyle } from '../../support/fakeBridge';
import { settled } from '../../support/manualTimers';

async function madeLayer(change: Partial<Order> = {}) {
  const harness = createBrowserHarness();
  const bridge = new FakeBridge();
  bridge.faces = [faceAt({ left: 10, top: 10, right: 40, bottom: 40 })];
  const bounds = { left: 0, top: 0, right: 60, bottom: 60 };
  const layers = [{ name: 'Photo', bounds, colour: [9, 9, 9, 255] as const }];
  const size = { width: 60, height: 60, depth: 8 } as const;
  await harness.openDocument({ name: 'p', ...size, layers, selected: ['Photo'] });
  const [target] = await harness.host.listTargets('selected-layers');
  const jobs = new JobController(harness.host, bridge, () => null);
  const { end } = jobs.start(target!, { ...order, ...change });
  await settled();
  bridge.runs[0]!.finish();
  const layer = (await end).layers.at(-1)!;
  const [job] = jobs.jobs.value;
  const mixer = new Mixer(
    harness.host,
    bridge,
    resampleStyle,
    { job: job!, model: 'starter' },
    (changed, replaced) => jobs.updateLayer(job!.id, changed, replaced),
  );
  /** The layer as its card shows it. */
  const shown = (): MadeLayer => {
    const { state } = jobs.jobs.value[0]!;
    if (state.kind !== 'done') throw new Error(state.kind);
    return state.result.layers.at(-1)!;
  };
  return { harness, bridge, jobs, mixer, layer, shown };
}

test('a mix starts from the known latents, asks for one variant and changes the same layer', async () => {
  const { harness, bridge, mixer, layer } = await madeLayer();
  const mixing = mixer.mix({ alpha: 0.5, seed: 9, styles: ['coarse'] }, layer);
  await settled();
  expect(bridge.runs[1]!.request).toMatchObject({
    operation: 'resample-style',
    parameters: { variants: 1, alpha: 0.5, seed: 9, styles: ['coarse'] },
    regions: [{ latents: codes(0), faceNumber: 1 }],
  });
  bridge.runs[1]!.finish();
  await mixing;
  expect((await harness.layers()).map((layer) => layer.name)).toEqual([
    'Photo',
    'resample-style · face 1 · 1',
  ]);
  expect(await harness.history()).toEqual(['Frontalize', 'Resample style']);
});

test('while one is made only the latest wish is kept', async () => {
  const { bridge, mixer, harness, layer } = await madeLayer();
  const mixing = mixer.mix({ alpha: 0.1 }, layer);
  await settled();
  void mixer.mix({ alpha: 0.2 }, layer);
  void mixer.mix({ alpha: 0.3 }, layer);
  await settled();
  expect(bridge.runs[1]!.cancelled).toBe(true);
  bridge.runs[2]!.finish();
  await mixing;
  expect(bridge.runs).toHaveLength(3);
  expect(bridge.runs[2]!.request.parameters['alpha']).toBe(0.3);
  expect(await harness.history()).toEqual(['Frontalize', 'Resample style']);
});

test('a layer that is gone is told', async () => {
  const { harness, bridge, mixer, layer } = await madeLayer();
  await harness.deleteLayer('frontalize · face 1 · 1');
  const mixing = mixer.mix({}, layer);
  await settled();
  bridge.runs[1]!.finish();
  await mixing;
  expect(mixer.state.value).toMatchObject({ kind: 'failed', error: { code: 'DOCUMENT_CHANGED' } });
});

test('a variant is mixed from what it was drawn from, beginning with its own seed and amount', async () => {
  const { bridge, mixer, layer } = await madeLayer({
    operation: resampleStyle,
    parameters: { variants: 2, seed: 40, alpha: 0.7, styles: ['fine'] },
  });
  expect(mixer.drawnWith(layer)).toMatchObject({ seed: 41, alpha: 0.7, styles: ['fine'] });
  const mixing = mixer.mix({ ...mixer.drawnWith(layer), alpha: 0.2 }, layer);
  await settled();
  expect(bridge.runs[1]!.request).toMatchObject({
    parameters: { variants: 1, seed: 41, alpha: 0.2 },
    regions: [{ latents: null }],
  });
  bridge.runs[1]!.finish();
  await mixing;
});

test('the card shows the mixed layer: its picture, likeness, seed and codes; the next mix starts anew', async () => {
  const { bridge, mixer, shown } = await madeLayer();
  expect(shown()).toMatchObject({ seed: null, identity: 0.8 });
  const before = shown().after;
  const mixing = mixer.mix({ seed: 9, alpha: 0.5 }, shown());
  await settled();
  bridge.runs[1]!.finish({ identity: 0.3, latents: codes(7) });
  await mixing;
  const mixed = shown();
  expect(mixed).toMatchObject({ seed: 9, identity: 0.3, latents: codes(7) });
  expect(mixed.after).not.toBe(before);
  expect(mixer.drawnWith(mixed)).toMatchObject({ seed: 9, alpha: 0.5 });
  const next = mixer.mix({ seed: 10 }, mixed);
  await settled();
  expect(bridge.runs[2]!.request.regions[0]!.latents).toEqual(codes(0));
  bridge.runs[2]!.finish();
  await next;
});

test('styles of a layer that was edited since are mixed from its edited codes', async () => {
  const { bridge, jobs, mixer, layer, shown } = await madeLayer();
  const edited = { ...layer, latents: codes(5), revision: 'edited' };
  jobs.updateLayer(jobs.jobs.value[0]!.id, edited, layer);
  const mixing = mixer.mix({ seed: 9 }, shown());
  await settled();
  expect(bridge.runs[1]!.request.regions[0]!.latents).toEqual(codes(5));
  bridge.runs[1]!.finish();
  await mixing;
});
