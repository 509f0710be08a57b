import { inflate } from '../../bridge-server/documents/fileBytes';
import { decodeLayer, decodeMask, memorySource } from '../../psd';
import { boundsAt, readCorpus, structureOf } from './support';

async function decodeAll(name: string) {
  const source = memorySource(readCorpus(name));
  const document = await structureOf(readCorpus(name));
  return Promise.all(
    document.layers.map(async (layer) => ({
      name: layer.name,
      layer: await decodeLayer(source, document, layer, { inflate }),
      mask: await decodeMask(source, document, layer, { inflate }),
    })),
  );
}

describe.each([8, 16, 32])('%i bit, the same pixels in every compression', (depth) => {
  it.each(['rle', 'zip', 'zip-prediction'])('%s', async (compression) => {
    const decoded = await decodeAll(`psd-tools-rgb${depth}-${compression}.psd`);
    expect(decoded).toEqual(await decodeAll(`psd-tools-rgb${depth}-raw.psd`));
    expect(decoded.map(({ layer }) => layer.depth)).toEqual(Array(5).fill(depth));
    expect(decoded.some(({ mask }) => mask !== null)).toBe(true);
  });

  it('are what the corpus script computed, to its 8 bits', async () => {
    const [first] = await decodeAll(`psd-tools-rgb${depth}-rle.psd`);
    const { pixels } = first!.layer;
    const max = { 8: 255, 16: 65535, 32: 1 }[depth]!;
    const [eight] = await decodeAll('psd-tools-rgb8-raw.psd');
    const difference = eight!.layer.pixels.map((value, i) =>
      Math.abs(value / 255 - pixels[i]! / max),
    );
    expect(Math.max(...difference)).toBeLessThan(1 / 255);
  });
});

it('reads greyscale as R = G = B', async () => {
  for (const name of ['psd-tools-grey8.psd', 'psd-tools-grey16.psd', 'magick-grey8.psd']) {
    for (const { layer } of await decodeAll(name)) {
      const { pixels } = layer;
      for (let i = 0; i < pixels.length; i += 4) {
        if (pixels[i] !== pixels[i + 1] || pixels[i] !== pixels[i + 2])
          throw new Error('Coloured.');
      }
    }
  }
});

it.each([
  'psd-tools-rgb8-rle.psd',
  'psd-tools-rgb16-zip-prediction.psd',
  'psd-tools-rgb32-raw.psd',
])('decodes a region of %s alone', async (name) => {
  const source = memorySource(readCorpus(name));
  const document = await structureOf(readCorpus(name));
  const layer = document.layers[2]!;
  const whole = await decodeLayer(source, document, layer, { inflate });
  const region = boundsAt(-3, 8, 15, 5);
  const part = await decodeLayer(source, document, layer, { inflate, region });
  expect(part.bounds).toEqual({ left: 6, top: 8, right: 12, bottom: 13 });
  const width = whole.bounds.right - whole.bounds.left;
  const expected = [8, 9, 10, 11, 12].flatMap((y) => {
    const at = ((y - whole.bounds.top) * width + 6 - whole.bounds.left) * 4;
    return [...whole.pixels.slice(at, at + 6 * 4)];
  });
  expect([...part.pixels]).toEqual(expected);
});

it('decodes nothing of a region elsewhere', async () => {
  const source = memorySource(readCorpus('psd-tools-rgb8-rle.psd'));
  const document = await structureOf(readCorpus('psd-tools-rgb8-rle.psd'));
  const region = boundsAt(40, 30, 5, 5);
  const { pixels } = await decodeLayer(source, document, document.layers[2]!, { region });
  expect(pixels).toHaveLength(0);
});

it('refuses what is over the limit, and what it cannot inflate', async () => {
  const source = memorySource(readCorpus('psd-tools-rgb16-zip.psd'));
  const document = await structureOf(readCorpus('psd-tools-rgb16-zip.psd'));
  const layer = document.layers[0]!;
  await expect(
    decodeLayer(source, document, layer, { inflate, maxBytes: 1000 }),
  ).rejects.toMatchObject({ code: 'TOO_LARGE', message: expect.stringContaining('48 × 40') });
  await expect(decodeLayer(source, document, layer)).rejects.toMatchObject({ code: 'UNSUPPORTED' });
});
