import { inflate } from '../../bridge-server/documents/fileBytes';
import { decodeLayer, decodeMask, memorySource, type NewGroup, type PsdDocument } from '../../psd';
import { boundsAt, corpus, insert, pixelLayer, readCorpus, structureOf } from './support';

const handled = corpus.filter((name) => !name.includes('cmyk'));
const maskBounds = boundsAt(6, 4, 5, 3);
const mask = {
  bounds: maskBounds,
  pixels: Uint8Array.from({ length: 15 }, (_, i) => i * 17),
  defaultColor: 255,
} as const;

/** A group with a masked layer and one beyond the canvas: everything that insertion writes. */
function newGroup({ header }: PsdDocument): NewGroup {
  const depth = header.depth as 8 | 16 | 32;
  const grey = header.colorMode === 'greyscale';
  return {
    kind: 'group',
    name: 'Frontalize ✓ 顔',
    opacity: 0.6,
    layers: [
      pixelLayer('face 1', depth, boundsAt(5, 3, 17, 11), { grey, mask, opacity: 0.5 }),
      pixelLayer('face 2', depth, boundsAt(-4, 35, 9, 9), { grey, visible: false }),
    ],
  };
}

/** The bytes of everything that an insertion may not touch, in the file's order. */
function keptBytes(bytes: Uint8Array, document: PsdDocument, from: number, count: number) {
  const part = (offset: number, length: number) => bytes.slice(offset, offset + length);
  const { resources, layerInfo, layerSection, preview } = document;
  const originals = document.layers.filter(({ index }) => index < from || index >= from + count);
  const infoEnd = layerInfo!.content.offset + layerInfo!.content.length;
  return {
    header: part(0, resources.offset - 4),
    resources: resources.blocks
      .filter(({ id }) => ![1024, 1026, 1072].includes(id))
      .map((block) => part(block.offset, block.length)),
    records: originals.map(({ record }) => part(record.offset, record.length)),
    channels: originals.map(({ channels }) =>
      channels.map((channel) => part(channel.offset, channel.length)),
    ),
    afterLayers: part(infoEnd, layerSection.offset + layerSection.length - infoEnd),
    preview: part(preview.offset, preview.length),
  };
}

describe.each(handled)('inserting into %s', (name) => {
  const original = readCorpus(name);

  it('keeps every other byte, whatever layer it goes above', async () => {
    const before = await structureOf(original);
    const targets = before.layers.filter(({ kind }) => kind !== 'group-end');
    for (const target of targets) {
      const group = newGroup(before);
      const { bytes, report } = await insert(original, { above: target.index, layers: [group] });
      const after = await structureOf(bytes);
      const expected = keptBytes(original, before, 0, 0);
      const actual = keptBytes(bytes, after, target.index + 1, 4);
      if (report.preview === 'updated') actual.preview = expected.preview;
      expect(actual).toEqual(expected);
      // Nothing lies between the parts: the sizes add up.
      const growth = bytes.length - original.length;
      expect(after.layerSection.length - before.layerSection.length).toBe(
        growth -
          (after.resources.length - before.resources.length) -
          (after.preview.length - before.preview.length),
      );
      expect(after.layerInfo!.content.length % 4).toBe(before.layerInfo!.content.length % 4);
    }
  });

  it('reads back with the same pixels, masks, names and order', async () => {
    const before = await structureOf(original);
    const group = newGroup(before);
    const top = before.layers.length - 1;
    const { bytes } = await insert(original, { above: top, layers: [group] });
    const source = memorySource(bytes);
    const after = await structureOf(bytes);
    const added = after.layers.slice(top + 1);
    expect(added.map((layer) => [layer.name, layer.kind, layer.visible])).toEqual([
      ['</Layer group>', 'group-end', true],
      ['face 1', 'pixels', true],
      ['face 2', 'pixels', false],
      ['Frontalize ✓ 顔', 'group', true],
    ]);
    expect(added.map(({ parent }) => parent)).toEqual([top + 4, top + 4, top + 4, null]);
    expect(added[3]).toMatchObject({ opacity: 153 / 255, blendMode: 'pass' });
    for (const [i, layer] of [added[1]!, added[2]!].entries()) {
      const written = group.layers[i]!;
      if (written.kind !== 'pixels') throw new Error('A pixel layer was written.');
      const decoded = await decodeLayer(source, after, layer);
      expect(decoded.bounds).toEqual(written.bounds);
      expect(decoded.pixels).toEqual(written.pixels);
    }
    expect(await decodeMask(source, after, added[1]!)).toEqual(mask);
    expect(await decodeMask(source, after, added[2]!)).toBeNull();
  });

  it('leaves the pixels of its own layers as they were', async () => {
    const before = await structureOf(original);
    const { bytes } = await insert(original, { above: 0, layers: [newGroup(before)] });
    const after = await structureOf(bytes);
    for (const layer of before.layers) {
      const moved = after.layers[layer.index === 0 ? 0 : layer.index + 4]!;
      const decode = (data: Uint8Array, document: PsdDocument, at: typeof layer) =>
        decodeLayer(memorySource(data), document, at, { inflate });
      expect(await decode(bytes, after, moved)).toEqual(await decode(original, before, layer));
    }
  });

  it('takes several insertions at once, in any order', async () => {
    const before = await structureOf(original);
    const depth = before.header.depth as 8 | 16 | 32;
    const grey = before.header.colorMode === 'greyscale';
    const layers = [0, 1].map((i) => [
      pixelLayer(`new ${i}`, depth, boundsAt(i, i, 6, 5), { grey }),
    ]);
    const top = before.layers.length - 1;
    const once = await insert(
      original,
      { above: top, layers: layers[1]! },
      { above: 0, layers: layers[0]! },
    );
    const names = (await structureOf(once.bytes)).layers.map((layer) => layer.name);
    const [lowest, ...rest] = before.layers.map((layer) => layer.name);
    // Above one and the same layer, the order they are given in counts.
    const expected = top === 0 ? ['new 1', 'new 0'] : ['new 0', ...rest, 'new 1'];
    expect(names).toEqual([lowest, ...expected]);
  });
});

it('refuses CMYK in words', async () => {
  const cmyk = readCorpus('psd-tools-cmyk8.psd');
  await expect(insert(cmyk, { above: 0, layers: [] })).rejects.toMatchObject({
    code: 'UNSUPPORTED',
    message: expect.stringContaining('CMYK mode; RGB and greyscale are handled'),
  });
});

it('joins a clipping stack and says so', async () => {
  const original = readCorpus('ag-psd-clipping.psd');
  const layers = [pixelLayer('new', 8, boundsAt(6, 6, 4, 4))];
  const { layers: before } = await structureOf(original);
  const clippedAbove = async (name: string) => {
    const above = before.find((layer) => layer.name === name)!.index;
    const { bytes, report } = await insert(original, { above, layers });
    const added = (await structureOf(bytes)).layers[above + 1]!;
    expect(report.clipped).toBe(added.clipped);
    return added.clipped;
  };
  expect(await clippedAbove('Hintergrund')).toBe(false);
  expect(await clippedAbove('base')).toBe(true);
  expect(await clippedAbove('clipped 1')).toBe(true);
  expect(await clippedAbove('free')).toBe(false);
});

it('moves tables with one entry per layer along', async () => {
  const original = readCorpus('ag-psd-resources.psd');
  const before = await structureOf(original);
  const resource = (bytes: Uint8Array, document: PsdDocument, id: number) => {
    const { offset, length } = document.resources.blocks.find((block) => block.id === id)!;
    return [...bytes.slice(offset, offset + length)];
  };
  expect(resource(original, before, 1024)).toEqual([0, 2]);
  const links = resource(original, before, 1026);
  const { bytes } = await insert(original, {
    above: 0,
    layers: [pixelLayer('new', 8, boundsAt(0, 0, 4, 4))],
  });
  const after = await structureOf(bytes);
  expect(resource(bytes, after, 1024)).toEqual([0, 3]);
  expect(resource(bytes, after, 1026)).toEqual([...links.slice(0, 2), 0, 0, ...links.slice(2)]);
  expect(after.resources.blocks.map(({ id }) => id)).toEqual(
    before.resources.blocks.map(({ id }) => id),
  );
});

describe('new layers that cannot be written are refused before anything is', () => {
  const original = readCorpus('ag-psd-groups.psd');
  const good = pixelLayer('bad one', 8, boundsAt(0, 0, 4, 4));
  const cases = {
    'wrong depth': { ...good, pixels: new Uint16Array(64) },
    'wrong length': { ...good, pixels: new Uint8Array(63) },
    'half a pixel': { ...good, bounds: boundsAt(0.5, 0, 4, 4) },
    'no area': { ...good, bounds: boundsAt(4, 0, -4, 4) },
    opacity: { ...good, opacity: 1.5 },
    name: { ...good, name: 'n'.repeat(256) },
    mask: {
      ...good,
      mask: { bounds: boundsAt(0, 0, 2, 2), pixels: new Uint8Array(5), defaultColor: 0 },
    },
  } as const;

  it.each(Object.entries(cases))('%s', async (_, layer) => {
    await expect(insert(original, { above: 0, layers: [layer] })).rejects.toMatchObject({
      code: 'BAD_LAYER',
      message: expect.stringContaining(`"${layer.name}"`),
    });
  });

  it('no such layer', async () => {
    for (const above of [1, 99, -1, 'background'] as const) {
      await expect(insert(original, { above, layers: [good] })).rejects.toMatchObject({
        code: 'NO_SUCH_LAYER',
      });
    }
  });

  it('colours in a greyscale document', async () => {
    const layers = [good];
    await expect(
      insert(readCorpus('psd-tools-grey8.psd'), { above: 0, layers }),
    ).rejects.toMatchObject({ code: 'BAD_LAYER' });
  });
});
