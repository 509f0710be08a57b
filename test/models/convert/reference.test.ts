import { join } from 'node:path';
import { importCheckpoint } from '../../../bridge-server/models/importCheckpoint';
import { largestDifference, openGraph, withFolder } from '../../support/models';
import { readFloats, readNpy } from '../../support/npy';

/** Answers of the official PyTorch code: test/fixtures/psp/README.md. */
const fixtures = join(__dirname, '../../fixtures/psp');

/** Measured: at most 2.3e-5 for float32; the pictures' values spread over 1 to 6. */
const TOLERANCE = { float32: 5e-5, float16: 5e-3 };

const cases = [
  { name: 'tiny-encode', operation: 'reconstruct', kind: 'rgb', channels: 3 },
  { name: 'tiny-encode-legacy', answers: 'tiny-encode', operation: 'reconstruct', channels: 3 },
  { name: 'tiny-seg', operation: 'labels-to-face', kind: 'label-map', channels: 19 },
  { name: 'tiny-sketch', operation: 'sketch-to-face', kind: 'sketch', channels: 1 },
  { name: 'tiny-w', input: 'tiny-encode', operation: 'reconstruct', channels: 3 },
  { name: 'tiny-wplus', input: 'tiny-encode', operation: 'reconstruct', channels: 3 },
];

describe.each(cases)('$name', ({ name, answers = name, input = answers, ...expected }) => {
  const answer = (file: string): Float32Array => readFloats(join(fixtures, answers, `${file}.npy`));

  test.each(['float32', 'float16'] as const)('agrees with PyTorch, stored as %s', (precision) =>
    withFolder(async (modelsFolder) => {
      const { folder, model } = await importCheckpoint({
        file: join(fixtures, name, 'checkpoint.pt'),
        name,
        modelsFolder,
        precision,
      });
      expect(model).toMatchObject({
        formatVersion: 2,
        name,
        family: 'stylegan2',
        operations: [expected.operation],
        input: { kind: expected.kind ?? 'rgb', channels: expected.channels, size: 256 },
        resolution: 64,
        nStyles: 10,
        styleDim: 19,
        domain: 'face',
        precision,
      });
      const image = readImage(join(fixtures, input, 'input.npy'), expected.channels);
      const codes = answer('codes');
      const encode = await openGraph(join(folder, model.graphs.encoder));
      const map = await openGraph(join(folder, model.graphs.mapping));
      const decode = await openGraph(join(folder, model.graphs.decoder));
      const shape = [1, model.nStyles, model.styleDim];

      const w = await map(answer('z'), [1, model.styleDim]);
      const mixed = mixStyles(codes, w, answer('mask'));
      const differences = {
        codes: largestDifference(await encode(image, [1, expected.channels, 256, 256]), codes),
        image: largestDifference(await decode(codes, shape), answer('image')),
        w: largestDifference(w, answer('w')),
        mixed: largestDifference(await decode(mixed, shape), answer('mixed')),
      };
      for (const [what, difference] of Object.entries(differences)) {
        expect({ what, close: difference < TOLERANCE[precision], difference }).toMatchObject({
          close: true,
        });
      }
    }),
  );
});

test('a batch gives what its samples give', () =>
  withFolder(async (modelsFolder) => {
    const file = join(fixtures, 'tiny-encode', 'checkpoint.pt');
    const { folder, model } = await importCheckpoint({ file, modelsFolder });
    const decode = await openGraph(join(folder, model.graphs.decoder));
    const codes = readFloats(join(fixtures, 'tiny-encode', 'codes.npy'));
    const other = codes.map((value) => value * 0.5);
    const batch = await decode(Float32Array.of(...codes, ...other), [2, 10, 19]);
    const image = readFloats(join(fixtures, 'tiny-encode', 'image.npy'));
    expect(largestDifference(batch.slice(0, image.length), image)).toBeLessThan(5e-5);
    const second = await decode(other, [1, 10, 19]);
    expect(largestDifference(batch.slice(image.length), second)).toBeLessThan(5e-5);
  }));

/** Label maps hold class numbers; the network takes one channel per class. */
function readImage(file: string, channels: number): Float32Array {
  const { data } = readNpy(file);
  if (data instanceof Float32Array) return data;
  const image = new Float32Array(channels * data.length);
  data.forEach((label, pixel) => (image[label * data.length + pixel] = 1));
  return image;
}

/** 0.5·w + 0.5·codes for the styles of the mask. */
function mixStyles(codes: Float32Array, w: Float32Array, mask: Float32Array): Float32Array {
  const mixed = codes.slice();
  for (const style of mask) {
    for (let i = 0; i < w.length; i++) {
      mixed[style * w.length + i] = (w[i]! + codes[style * w.length + i]!) / 2;
    }
  }
  return mixed;
}
