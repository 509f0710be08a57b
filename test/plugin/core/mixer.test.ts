import { JobController } from '../../../plugin/core/jobController';
import { Mixer } from '../../../plugin/core/mixer';
import { createBrowserHarness } from '../../support/browserHarness';
import { codes, faceAt, FakeBridge, frontalize, resampleStyle } from '../../support/fakeBridge';
import { settled } from '../../support/manualTimers';

async function madeLayer() {
  const harness = createBrowserHarness();
  const bridge = new FakeBridge();
  bridge.faces = [faceAt({ left: 10, top: 10, right: 40, bottom: 40 })];
  const bounds = { left: 0, top: 0, right: 60, bottom: 60 };
  const layers = [{ name: 'Photo', bounds, colour: [9, 9, 9, 255] as const }];
  const size = { width: 60, height: 60, depth: 8 } as const;
  await harness.openDocument({ name: 'p', ...size, layers, selected: ['Photo'] });
  const [target] = await harness.host.listTargets('selected-layers');
  const { end } = new JobController(harness.host, bridge, () => null).start(target!, {
    operation: frontalize,
    model: null,
    parameters: {},
    faces: 'all',
    hole: 'selection',
    priority: 'interactive',
  });
  await settled();
  bridge.runs[0]!.finish();
  const [layer] = (await end).layers;
  const mixer = new Mixer(harness.host, bridge, resampleStyle, target!, layer!, 'starter');
  return { harness, bridge, mixer };
}

test('a mix starts from the known latents, asks for one variant and changes the same layer', async () => {
  const { harness, bridge, mixer } = await madeLayer();
  const mixing = mixer.mix({ alpha: 0.5, seed: 9, styles: ['coarse'] });
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
  const { bridge, mixer, harness } = await madeLayer();
  const mixing = mixer.mix({ alpha: 0.1 });
  await settled();
  void mixer.mix({ alpha: 0.2 });
  void mixer.mix({ alpha: 0.3 });
  await settled();
  expect(bridge.runs[1]!.cancelled).toBe(true);
  bridge.runs[2]!.finish();
  await mixing;
  expect(bridge.runs).toHaveLength(3);
  expect(bridge.runs[2]!.request.parameters['alpha']).toBe(0.3);
  expect(await harness.history()).toEqual(['Frontalize', 'Resample style']);
});

test('a layer that is gone is told', async () => {
  const { harness, bridge, mixer } = await madeLayer();
  await harness.deleteLayer('frontalize · face 1 · 1');
  const mixing = mixer.mix({});
  await settled();
  bridge.runs[1]!.finish();
  await mixing;
  expect(mixer.state.value).toMatchObject({ kind: 'failed', error: { code: 'DOCUMENT_CHANGED' } });
});
