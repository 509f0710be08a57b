import type { DocumentHost, HostChange } from '../../../plugin/core/document';
import type { ConnectionState } from '../../../plugin/core/bridge/bridge';
import { FaceSearch } from '../../../plugin/core/faceSearch';
import { Observable } from '../../../plugin/core/observable';
import type { DocumentSpec } from '../../contract/host';
import { createBrowserHarness } from '../../support/browserHarness';
import { faceAt, FakeBridge, ready } from '../../support/fakeBridge';
import { ManualTimers, settled } from '../../support/manualTimers';

const portrait: DocumentSpec = {
  name: 'portrait',
  width: 3000,
  height: 100,
  depth: 8,
  layers: [
    {
      name: 'Photo',
      bounds: { left: 100, top: 0, right: 2148, bottom: 100 },
      colour: [9, 9, 9, 255],
    },
  ],
  selected: ['Photo'],
};

function setUp(state: ConnectionState = ready) {
  const harness = createBrowserHarness();
  const bridge = new FakeBridge();
  const timers = new ManualTimers();
  bridge.faces = [faceAt({ left: 10, top: 5, right: 30, bottom: 25 })];
  const connection = new Observable(state);
  const search = new FaceSearch(harness.host, bridge, connection, timers);
  search.start();
  const settle = async () => {
    timers.advance(1000);
    await settled();
  };
  return { harness, bridge, search, settle };
}

test('the faces of the selected layer are found in a preview and told in document pixels', async () => {
  const { harness, bridge, search, settle } = setUp();
  await harness.openDocument(portrait);
  await settle();
  expect(bridge.previews[0]).toMatchObject({ width: 1024, height: 50 });
  expect(search.known()!.faces[0]!.bounds).toEqual({ left: 120, top: 10, right: 160, bottom: 50 });
});

test('a layer whose pixels stayed the same is not searched again', async () => {
  const { harness, bridge, settle } = setUp();
  await harness.openDocument(portrait);
  await settle();
  await harness.select({ left: 0, top: 0, right: 5, bottom: 5 });
  await settle();
  expect(bridge.previews).toHaveLength(1);
});

test('without a bridge the layer is still shown, and without a layer nothing', async () => {
  const { harness, search, settle } = setUp({ kind: 'not-running' });
  await settle();
  expect(search.state.value.kind).toBe('no-layer');
  await harness.openDocument(portrait);
  await settle();
  expect(search.state.value).toMatchObject({ kind: 'offline', target: { layerName: 'Photo' } });
});

test('of several selected layers the first is searched, and all are told', async () => {
  const { harness, bridge, search, settle } = setUp();
  const [photo] = portrait.layers;
  const layers = [photo!, { ...photo!, name: 'Copy' }];
  await harness.openDocument({ ...portrait, layers, selected: ['Photo', 'Copy'] });
  await settle();
  expect(search.selected.value.map((target) => target.layerName)).toEqual(['Copy', 'Photo']);
  expect(search.known()!.target.layerName).toBe('Copy');
  expect(bridge.previews).toHaveLength(1);
});

test('many changes in a row are one search', async () => {
  const { harness, bridge, settle } = setUp();
  await harness.openDocument(portrait);
  await harness.openDocument(portrait);
  await settle();
  expect(bridge.previews).toHaveLength(1);
});

test('while someone paints nothing is searched; a pause of a second and a half ends that', async () => {
  const { harness, bridge, search } = setUp();
  await harness.openDocument(portrait);
  const timers = new ManualTimers();
  let tell: (change: HostChange) => void = () => undefined;
  const onChange: DocumentHost['onChange'] = (listener) => {
    tell = listener;
    return () => undefined;
  };
  const host: DocumentHost = Object.create(harness.host, { onChange: { value: onChange } });
  search.close();
  const painted = new FaceSearch(host, bridge, new Observable(ready), timers);
  painted.start();
  for (let stroke = 0; stroke < 5; stroke++) {
    tell('pixels');
    timers.advance(1000);
    await settled();
  }
  expect(bridge.previews).toHaveLength(0);
  timers.advance(1500);
  await settled();
  expect(bridge.previews).toHaveLength(1);
  painted.close();
});
