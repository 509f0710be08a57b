import { resampleStyle } from '../../../bridge-server/operations/resampleStyle';
import { PspError } from '../../../protocol/errors';
import type { Patch } from '../../../protocol/job';
import type { ParameterValues } from '../../../protocol/parameter';
import type { MadeLayer } from '../../../plugin/core/job';
import { Placer, type PlacedLayer } from '../../../plugin/core/placer';
import { createBrowserHarness } from '../../support/browserHarness';
import { FakeBridge } from '../../support/fakeBridge';
import { settled } from '../../support/manualTimers';

const bounds = { left: 10, top: 10, right: 30, bottom: 40 };

/** A layer of one grey. */
const patchOf = (grey: number): Patch => ({
  name: 'Resample style · face 1',
  space: { kind: 'document' },
  bounds,
  pixels: { width: 20, height: 30, data: new Uint8Array(20 * 30 * 4).fill(grey) },
  mask: { width: 20, height: 30, data: new Uint8Array(20 * 30).fill(255) },
  faceNumber: 1,
  variant: 1,
  seed: 3,
  model: 'starter',
  identity: 0.9,
  placing: 'first',
});

async function placed() {
  const harness = createBrowserHarness();
  const layers = [
    {
      name: 'Photo',
      bounds: { left: 0, top: 0, right: 60, bottom: 60 },
      colour: [9, 9, 9, 255] as const,
    },
  ];
  await harness.openDocument({
    name: 'p',
    width: 60,
    height: 60,
    depth: 8,
    layers,
    selected: ['Photo'],
  });
  const [target] = await harness.host.listTargets('selected-layers');
  const { name, pixels, mask } = patchOf(100);
  const [handle] = await harness.host.commitLayers(target!, {
    space: { kind: 'document' },
    commandName: 'Resample style',
    groupName: 'g',
    layers: [{ name, bounds, pixels, mask, opacity: 1, visible: true }],
  });
  const asked: {
    values: ParameterValues;
    answer: (patch: Patch) => void;
    fail: (error: Error) => void;
  }[] = [];
  const bridge = new FakeBridge();
  bridge.place = (placing, values) =>
    new Promise((answer, fail) => {
      expect(placing).toBe('first');
      asked.push({ values, answer, fail });
    });
  const { revision } = (await harness.host.look(handle!))!;
  const parameters = { seed: 3, keep: 0.9 };
  const none = { width: 0, height: 0, data: new Uint8Array() };
  const layer: PlacedLayer = {
    ...patchOf(100),
    handle: handle!,
    placing: 'first',
    region: { bounds, face: null, faceNumber: 1 },
    before: none,
    after: none,
    shown: bounds,
    latents: null,
    source: null,
    made: { operation: resampleStyle.declaration, parameters },
    revision,
  };
  const told: (readonly [MadeLayer, MadeLayer])[] = [];
  const placer = new Placer(harness.host, bridge, target!, (...what) => told.push(what));
  return { harness, placer, asked, layer, told };
}

test('a result is placed again in its own layer, in one undo step', async () => {
  const { harness, placer, asked, layer } = await placed();
  const placing = placer.place({ feather: 0.2 }, layer);
  await settled();
  expect(placer.state.value).toEqual({ kind: 'placing' });
  expect(asked[0]!.values).toEqual({ feather: 0.2 });
  asked[0]!.answer(patchOf(200));
  await placing;
  expect(placer.state.value).toEqual({ kind: 'idle' });
  expect(await harness.history()).toEqual(['Resample style', 'Resample style']);
  expect((await harness.layers()).map(({ name }) => name)).toEqual([
    'Photo',
    'Resample style · face 1',
  ]);
});

test('of several wishes only the last is placed', async () => {
  const { harness, placer, asked, layer } = await placed();
  const placing = placer.place({ keep: 0.1 }, layer);
  await settled();
  void placer.place({ keep: 0.2 }, layer);
  void placer.place({ keep: 0.3 }, layer);
  asked[0]!.answer(patchOf(50));
  await settled();
  expect(asked.map(({ values }) => values['keep'])).toEqual([0.1, 0.3]);
  asked[1]!.answer(patchOf(70));
  await placing;
  expect(await harness.history()).toEqual(['Resample style', 'Resample style']);
});

test('what is no longer kept is said, and the layer stays as it was', async () => {
  const { harness, placer, asked, layer } = await placed();
  const placing = placer.place({ keep: 0 }, layer);
  await settled();
  asked[0]!.fail(new PspError('NOT_FOUND', 'No longer kept. Run the operation again.'));
  await placing;
  expect(placer.state.value).toMatchObject({ kind: 'failed', error: { code: 'NOT_FOUND' } });
  expect(await harness.history()).toEqual(['Resample style']);
});

test('what it has become is told: placed anew, all else as it was made, and what undo brings back', async () => {
  const { harness, placer, asked, layer, told } = await placed();
  const placing = placer.place({ keep: 0.2 }, layer);
  await settled();
  asked[0]!.answer(patchOf(200));
  await placing;
  const [became, was] = told[0]!;
  expect(became.made.parameters).toEqual({ seed: 3, keep: 0.2 });
  // 200 at an alpha of 200, over 9.
  expect(became.after.data.slice(0, 4)).toEqual(Uint8Array.of(159, 159, 159, 255));
  expect(became.revision).not.toBe(was.revision);
  await harness.undo();
  expect(await harness.host.look(layer.handle)).toMatchObject({ revision: was.revision });
});
