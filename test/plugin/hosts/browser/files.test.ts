import { groupLayer, pixelLayer } from '../../../../plugin/hosts/browser/document/newLayers';
import { walkLayers } from '../../../../plugin/hosts/browser/document/layer';
import { resultName } from '../../../../plugin/hosts/browser/files/pictureFolder';
import { openPsd } from '../../../../plugin/hosts/browser/files/openPsd';
import { fromSamples, toSamples } from '../../../../plugin/hosts/browser/files/samples';
import { insertionsOf, savePsd } from '../../../../plugin/hosts/browser/files/savePsd';

const bounds = { left: -2, top: 1, right: 6, bottom: 5 };

function solid(name: string, value: number, depth: 8 | 16 = 8) {
  const data = depth === 8 ? new Uint8Array(8 * 4 * 4) : new Uint16Array(8 * 4 * 4);
  return pixelLayer({ name, bounds, pixels: { width: 8, height: 4, data: data.fill(value) } });
}

test.each([8, 16] as const)('a %i-bit document comes back from its PSD', async (depth) => {
  const value = depth === 8 ? 200 : 51234;
  const mask = { width: 8, height: 4, data: new Uint8Array(32).fill(99) };
  const masked = { ...solid('Face', value, depth), mask: { bounds, mask, outside: 0 as const } };
  const group = groupLayer({ name: 'Group', children: [masked] });
  const layers = [solid('Photo', value, depth), group];
  const blob = await savePsd({
    ...{ width: 10, height: 8, depth, layers },
    ...{ psd: null, profile: null, metadata: null, notesLayers: true },
  });
  const opened = await openPsd(blob, 'picture.psd');
  expect(opened).toMatchObject({ width: 10, height: 8, depth, profile: null, remarks: [] });
  const found = [...walkLayers(opened.layers)].map(({ layer }) => layer);
  expect(found.map((layer) => layer.name)).toEqual(['Photo', 'Group', 'Face']);
  const face = found[2]!;
  expect(face).toMatchObject({ kind: 'pixel', bounds, mask: { bounds, outside: 0 } });
  expect(face.kind === 'pixel' && face.pixels.data).toEqual(masked.pixels.data);
  expect(face.mask!.mask.data).toEqual(mask.data);
  expect(opened.selectedId).toBe(face.id);
});

describe('how layers were made', () => {
  const madeWith = { operation: 'edit', model: 'starter', seed: null, settings: { smile: 0.6 } };
  const layers = [solid('Photo', 200), { ...solid('Edit · starter', 100), madeWith }];
  const said = async (notesLayers: boolean, psd: Blob | null = null): Promise<string> => {
    const size = { width: 10, height: 8, depth: 8 } as const;
    const given = psd ? layers.map((layer, i) => ({ ...layer, fileIndex: [0, null][i]! })) : layers;
    const about = { profile: null, metadata: null, notesLayers };
    const blob = await savePsd({ ...size, ...about, layers: given, psd });
    return Buffer.from(await blob.arrayBuffer()).toString('latin1');
  };
  const note = '<pspLayers:layer>Edit &#183; starter</pspLayers:layer>';
  const composed = 'digitalsourcetype/compositeWithTrainedAlgorithmicMedia';

  test('is said in the XMP of a saved file, new or opened, with the digital source type', async () => {
    const old = await savePsd({
      ...{ width: 10, height: 8, depth: 8, layers: [solid('Photo', 200)] },
      ...{ psd: null, profile: null, metadata: null, notesLayers: true },
    });
    for (const psd of [null, old]) {
      const text = await said(true, psd);
      expect(text).toContain(note);
      expect(text).toContain(composed);
      expect(text).toContain('{&#34;smile&#34;:0.6}');
    }
  });

  test('is left out where the setting turns it off, and of files without such layers', async () => {
    expect(await said(false)).not.toContain('pspLayers');
    const blob = await savePsd({
      ...{ width: 10, height: 8, depth: 8, layers: [solid('Photo', 200)] },
      ...{ psd: null, profile: null, metadata: null, notesLayers: true },
    });
    expect(Buffer.from(await blob.arrayBuffer()).toString('latin1')).not.toContain('pspLayers');
  });
});

test('new layers go above the file layer that lies next below, level by level', () => {
  const old = (name: string, fileIndex: number) => ({ ...solid(name, 1), fileIndex });
  const layers = [
    old('Paper', 0),
    solid('New 1', 1),
    solid('New 2', 1),
    {
      ...groupLayer({ name: 'Group', children: [old('Photo', 2), solid('New 3', 1)] }),
      fileIndex: 3,
    },
  ];
  const insertions = insertionsOf(layers, false, ({ name }) => ({
    kind: 'group',
    name,
    layers: [],
  }));
  expect(
    insertions.map(({ above, layers: made }) => [above, made.map(({ name }) => name)]),
  ).toEqual([
    [0, ['New 1', 'New 2']],
    [2, ['New 3']],
  ]);
});

test('linear light of 32-bit files goes to sRGB and back within a step', () => {
  const linear = Float32Array.of(0, 0.002, 0.5, 1, 1, 0.2, 0.8, 0.25);
  const data = fromSamples(linear);
  expect([...data]).toEqual([0, 1693, 48192, 65535, 65535, 31754, 59396, 16384]);
  const back = toSamples({ width: 2, height: 1, data }, 32, false);
  back.forEach((value, i) => expect(value).toBeCloseTo(linear[i]!, 4));
});

test('greyscale documents get grey', () => {
  const data = Uint8Array.of(255, 0, 0, 7);
  expect([...toSamples({ width: 1, height: 1, data }, 8, true)]).toEqual([54, 54, 54, 7]);
});

test('results are named after their pictures and never like another', () => {
  const pictures = ['a.jpg', 'a.png', 'a.psd', 'a.PSB'];
  expect(pictures.map((picture) => resultName(picture, 'toonify 0'))).toEqual([
    'a.jpg toonify 0.psd',
    'a.png toonify 0.psd',
    'a toonify 0.psd',
    'a toonify 0.PSB',
  ]);
});
