import type { LayerSpec } from '../../../support/photoshop/photoshop';
import { box, commitOf, newLayer, opaque, setUp } from './setUp';

const photo = (options: Partial<LayerSpec> = {}): LayerSpec => ({
  name: 'Photo',
  paint: opaque(0.5),
  ...options,
});
const at = box(3, 4, 9, 9);

describe('layers of every kind', () => {
  test.each([
    ['a hidden layer', photo({ visible: false })],
    ['a locked layer', photo({ locked: true })],
    ['the Background', photo({ background: true })],
    ['a smart object', photo({ kind: 'smartObject' })],
  ])('%s is read, and the result lies above it', async (_name, layer) => {
    const { host, photoshop, target, names, documentId } = setUp({ layers: [layer] });
    const source = await target();
    expect(source.refusal).toBeNull();
    await host.readRegion(source, at);
    await host.commitLayers(source, commitOf(newLayer('New', at)));
    expect(names()).toEqual(['New', 'Photo']);
    expect(photoshop.layer(documentId, Number(source.layerId)).visible).toBe(layer.visible ?? true);
    expect(photoshop.problems()).toEqual([]);
  });

  test.each([
    ['a group', photo({ children: [photo({ name: 'Inside' })] }), 'is a group'],
    ['a text layer', photo({ kind: 'text' }), 'is a text layer'],
    ['an adjustment layer', photo({ kind: 'curves' }), 'has no pixels of its own'],
  ])('%s is refused in words, before anything changes', async (_name, layer, words) => {
    const { host, target, documentId, photoshop } = setUp({ layers: [layer] });
    const source = await target();
    expect(source.refusal).toContain(words);
    expect(source.refusal).toMatch(/\. |, then run this again\.$/);
    const commit = host.commitLayers(source, commitOf(newLayer('New', at)));
    await expect(commit).rejects.toMatchObject({ code: 'BAD_INPUT' });
    expect(photoshop.history(documentId)).toEqual([]);
  });

  test.each([['CMYKColorMode'], ['labColorMode'], ['indexedColorMode']])(
    'a document in %s is refused with the way out',
    async (mode) => {
      const { photoshop, documentId, target } = setUp();
      photoshop.world.document(documentId).mode = mode;
      expect((await target()).refusal).toContain('Image › Mode › RGB Color');
    },
  );

  test('a layer in a group gets its result in the same group; a locked group is refused', async () => {
    const layers = [{ name: 'Group', children: [photo(), photo({ name: 'Below' })] }];
    const { host, photoshop, documentId, target } = setUp({ layers });
    photoshop.selectLayers(documentId, ['Photo']);
    await host.commitLayers(await target(), commitOf(newLayer('New', at)));
    const [group] = photoshop.layers(documentId);
    expect(group!.children.map((layer) => layer.name)).toEqual(['New', 'Photo', 'Below']);
    photoshop.world.document(documentId).layers[0]!.locked = true;
    expect((await target()).refusal).toContain('The group "Group" is locked');
  });

  test('in a clipping stack the results join the stack instead of tearing it', async () => {
    const layers = [photo({ name: 'Curves', kind: 'curves', clipped: true }), photo()];
    const { host, photoshop, documentId, target, names } = setUp({ layers });
    photoshop.selectLayers(documentId, ['Photo']);
    const commit = commitOf(newLayer('1', at), newLayer('2', at));
    await host.commitLayers(await target(), commit);
    expect(names()).toEqual(['Curves', '2', '1', 'Photo']);
    const clipped = photoshop.world.document(documentId).layers.map((layer) => layer.clipped);
    expect(clipped).toEqual([true, true, true, false]);
  });

  test('several selected layers are all selected again, hidden ones still hidden', async () => {
    const layers = [photo({ name: 'Top', visible: false }), photo(), photo({ name: 'Paper' })];
    const { host, photoshop, documentId, target } = setUp({ layers });
    photoshop.selectLayers(documentId, ['Paper', 'Top']);
    const before = photoshop.activeLayerIds(documentId);
    await host.commitLayers(await target(), commitOf(newLayer('New', at)));
    expect(photoshop.activeLayerIds(documentId)).toEqual(before);
    expect(photoshop.layers(documentId).find(({ name }) => name === 'Top')!.visible).toBe(false);
  });

  test('no selected layer is no target, and stays no selected layer', async () => {
    const { host, photoshop, documentId, target } = setUp();
    const source = await target();
    photoshop.selectLayers(documentId, []);
    expect(await host.listTargets('selected-layers')).toEqual([]);
    await host.commitLayers(source, commitOf(newLayer('New', at)));
    expect(photoshop.activeLayerIds(documentId)).toEqual([]);
  });

  test('pixels beyond the canvas are read, and what Photoshop trimmed is padded back', async () => {
    const layer = photo({ bounds: box(-10, -10, 5, 5), paint: opaque(1, 0, 0) });
    const { host, target } = setUp({ layers: [layer] });
    const source = await target();
    expect(source.bounds).toEqual(box(-10, -10, 5, 5));
    const region = await host.readRegion(source, box(-12, 3, 0, 7));
    const row = (y: number) =>
      [...region.data.filter((_, i) => i % 4 === 3)].slice(y * 12, y * 12 + 12);
    expect(row(0)).toEqual([0, 0, ...Array<number>(10).fill(255)]);
    expect(row(2)).toEqual(Array<number>(12).fill(0));
  });

  test('a mask that the user deleted is made again with new content', async () => {
    const { host, photoshop, documentId, target } = setUp();
    const [made] = await host.commitLayers(await target(), commitOf(newLayer('New', at)));
    photoshop.world.layer(documentId, Number(made!.layerId)).layer.mask = null;
    await host.replaceLayer(made!, 'Mix styles', newLayer('Mixed', at));
    expect(photoshop.layer(documentId, Number(made!.layerId)).maskAt(4, 5)).toBeCloseTo(200 / 255);
    expect(photoshop.history(documentId)).toEqual(['Frontalize', 'Mix styles']);
    expect(photoshop.problems()).toEqual([]);
  });
});
