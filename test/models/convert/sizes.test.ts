import type { PspSizes } from '../../checkpoints/pspLayout';
import { convertInMemory, makeCheckpoint, smallestSizes } from '../../support/checkpoints';
import { openGraph } from '../../support/models';

const shortSizes: PspSizes = {
  inputChannels: 4,
  widths: [8, 16, 32, 64],
  units: [2, 2, 3, 2],
  reduction: 4,
  styleWidth: 24,
  size: 128,
  decoderWidth: (side) => (side <= 32 ? 32 : 16),
};

/**
 * Every value of the answers to sin(i/100) as image and sin(i) as z, in steps: from PyTorch 2 running
 * models/training/psp_training on this checkpoint (seed 7), float32 on the CPU.
 */
const golden = {
  codes: {
    step: 29,
    values: [
      3.5622258, 1.5619683, 5.0028315, -1.1409169, -5.8531137, 4.3925276, -1.7087059, 3.8369472,
      6.7868953, -1.2400542,
    ],
  },
  image: {
    step: 4801,
    values: [
      -0.4479204, -0.5663229, -0.8743618, -0.6786975, -0.5760421, -1.9798008, -0.2432379,
      -1.3707658, -0.553049, -1.0384741, -0.6822715,
    ],
  },
  w: { step: 5, values: [0.3389856, 0.1700559, 0.1647794, 0.5509986, -0.1663892] },
};

const every = (values: Float32Array, step: number): number[] =>
  Array.from({ length: Math.ceil(values.length / step) }, (_, i) => values[i * step]!);

function expectClose(values: Float32Array, { step, values: expected }: typeof golden.w): void {
  const found = every(values, step);
  expect(found).toHaveLength(expected.length);
  found.forEach((value, i) => expect(Math.abs(value - expected[i]!)).toBeLessThan(1e-4));
}

test('a narrow, short encoder with four input channels and a 128² decoder agree with PyTorch', async () => {
  const checkpoint = await makeCheckpoint(shortSizes, { operation: 'inpaint' }, 7);
  const { model, graphs } = await convertInMemory(checkpoint);
  expect(model).toMatchObject({
    operations: ['inpaint'],
    input: { kind: 'rgb', channels: 4 },
    resolution: 128,
    nStyles: 12,
    styleDim: 24,
  });
  const encode = await openGraph(graphs.encoder);
  const decode = await openGraph(graphs.decoder);
  const map = await openGraph(graphs.mapping);
  const image = Float32Array.from({ length: 4 * 256 * 256 }, (_, i) => Math.sin(i * 0.01));
  const codes = await encode(image, [1, 4, 256, 256]);
  expectClose(codes, golden.codes);
  expectClose(await decode(codes, [1, 12, 24]), golden.image);
  const z = Float32Array.from({ length: 24 }, (_, i) => Math.sin(i));
  expectClose(await map(z, [1, 24]), golden.w);
});

test('the smallest pSp converts, and equal checkpoints give equal graphs', async () => {
  const [first, second] = await Promise.all(
    [1, 2].map(async () => convertInMemory(await makeCheckpoint(smallestSizes))),
  );
  expect(first!.model).toMatchObject({ resolution: 64, nStyles: 10, styleDim: 5 });
  expect(second!.model.checksums).toEqual(first!.model.checksums);
  const other = await convertInMemory(await makeCheckpoint(smallestSizes, undefined, 2));
  expect(other.model.checksums.decoder).not.toBe(first!.model.checksums.decoder);
});
