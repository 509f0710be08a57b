import type { NewLayer } from '../../psd';
import { create, opaque, patch, patchMask as mask, previewOf } from './created';
import { boundsAt, insert, pixelLayer, readCorpus, structureOf } from './support';

describe.each([8, 16, 32] as const)('the preview of %i bit documents', (depth) => {
  it.each([false, true])(
    'is painted as a document created with the layers has it',
    async (large) => {
      const photo = opaque(depth);
      const group: NewLayer = {
        kind: 'group',
        name: 'faces',
        opacity: 0.5,
        mask,
        layers: [patch(depth), { ...patch(depth), visible: false }],
      };
      const { bytes, report } = await insert(await create(depth, [photo], large), {
        above: 0,
        layers: [group],
      });
      expect(report).toEqual({ preview: 'updated', reason: null, clipped: false });
      const created = await create(depth, [photo, group], large);
      expect(await previewOf(bytes)).toEqual(await previewOf(created));
      expect(await previewOf(bytes)).not.toEqual(await previewOf(await create(depth, [photo])));
    },
  );

  it('is blended as the formula says', async () => {
    const photo = opaque(depth);
    const layer = patch(depth);
    const { bytes } = await insert(await create(depth, [photo]), { above: 0, layers: [layer] });
    const pixels = await previewOf(bytes);
    const max = depth === 8 ? 255 : depth === 16 ? 65535 : 1;
    const x = 7;
    const y = 6;
    const maskValue = mask.pixels[(y - 4) * 6 + (x - 4)]! / 255;
    const at = ((y - 3) * 30 + (x - 2)) * 4;
    const alpha = (layer.pixels[at + 3]! / max) * (Math.round(0.7 * 255) / 255) * maskValue;
    for (const component of [0, 1, 2]) {
      const below = photo.pixels[(y * 24 + x) * 4 + component]!;
      const expected = below + (layer.pixels[at + component]! - below) * alpha;
      const actual = pixels[(y * 24 + x) * 4 + component]!;
      expect(Math.abs(actual - expected)).toBeLessThanOrEqual(depth === 32 ? 1e-6 : 0.5);
    }
  });
});

describe('the preview is kept, and the report says why', () => {
  const above = async (bytes: Uint8Array, name: string, layers: readonly NewLayer[]) => {
    const { layers: own } = await structureOf(bytes);
    const target = own.find((layer) => layer.name === name)!;
    const before = await structureOf(bytes);
    const result = await insert(bytes, { above: target.index, layers });
    const after = await structureOf(result.bytes);
    expect(result.bytes.slice(after.preview.offset)).toEqual(bytes.slice(before.preview.offset));
    return result.report;
  };
  const layers = [pixelLayer('new', 8, boundsAt(4, 4, 9, 9))];

  it.each([
    ['ag-psd-clipping.psd', 'base', 'clipped'],
    ['ag-psd-clipping.psd', 'Hintergrund', '"base" lies over'],
    ['ag-psd-adjustments.psd', 'face', '"Levels" lies over'],
    ['ag-psd-groups.psd', 'masked', '"外側 ✓" around the new layers'],
    ['ag-psd-effects.psd', 'Hintergrund', '"shadowed" lies over'],
    ['ag-psd-unreal-preview.psd', 'Hintergrund', 'Maximize Compatibility'],
  ])('%s, above %s', async (name, target, reason) => {
    const report = await above(readCorpus(name), target, layers);
    expect(report).toMatchObject({ preview: 'kept', reason: expect.stringContaining(reason) });
  });

  it('transparent under the new layers', async () => {
    const report = await above(await create(8, [patch(8)]), 'face', layers);
    expect(report.reason).toContain('transparent under the new layers');
  });

  it('hidden', async () => {
    const hidden = [{ ...layers[0]!, visible: false }];
    const report = await above(await create(8, [opaque(8)]), 'photo', hidden);
    expect(report.reason).toContain('right as it is');
  });

  it('updated where what lies above is elsewhere', async () => {
    const bytes = readCorpus('ag-psd-clipping.psd');
    const away = [pixelLayer('new', 8, boundsAt(0, 30, 9, 9))];
    expect((await insert(bytes, { above: 0, layers: away })).report.preview).toBe('updated');
  });
});
