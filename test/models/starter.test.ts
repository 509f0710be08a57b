import { statSync } from 'node:fs';
import { join } from 'node:path';
import {
  createModelStore,
  packageFiles,
  type ModelPackage,
} from '../../bridge-server/models/modelStore';
import { readDirections } from '../../bridge-server/models/readDirections';
import { sliders } from '../../bridge-server/operations/edit/sliders';
import { verifyModel } from '../../bridge-server/models/verifyModel';
import { largestDifference, openGraph } from '../support/models';
import { readFloats } from '../support/npy';

const root = join(__dirname, '..', '..');
const fixture = (name: string): Float32Array =>
  readFloats(join(root, 'test', 'fixtures', `${name}.npy`));
/** Sums are float32, weights take 16 bits. */
const tolerance = 1e-3;

let models: readonly ModelPackage[];

beforeAll(async () => {
  models = await createModelStore(join(root, 'models', 'starter'), join(root, 'none')).list();
});

const named = (name: string): ModelPackage => models.find((each) => each.name === name)!;

test('one encoder serves photographs, another drawings; files are whole and the generator shared', async () => {
  expect(models.map(({ name, operations }) => [name, operations])).toEqual([
    [
      'starter',
      ['reconstruct', 'frontalize', 'edit', 'super-resolve', 'inpaint', 'labels-to-face'],
    ],
    ['starter-sketch', ['sketch-to-face']],
  ]);
  for (const each of models) expect(await verifyModel(each)).toBeNull();
  const shared = models.map(({ graphPaths: { mapping, decoder } }) => [mapping, decoder]);
  expect(shared[1]).toEqual(shared[0]);
});

test('its directions are the sliders of Edit, which stay within their ranges', async () => {
  const directions = await readDirections(named('starter'));
  expect(directions.map(({ name }) => name)).toEqual(sliders.map(({ name }) => name));
  for (const [i, { min, max }] of sliders.entries()) {
    expect(min).toBeGreaterThanOrEqual(directions[i]!.min);
    expect(max).toBeLessThanOrEqual(directions[i]!.max);
  }
});

test('it says whom to credit and what it is meant for', () => {
  for (const each of models) {
    expect(each.licence).toBe('Apache-2.0');
    expect(each.attribution).toContain('Sergei Belousov');
    expect(each.terms).toContain('research and personal work');
  }
});

test('all that is embedded stays below 90 MB', () => {
  const files = new Set(models.flatMap((each) => packageFiles(each).map(([, path]) => path)));
  const faces = ['detector', 'mesh', 'identity', 'parts'].map((name) =>
    join(root, 'models', 'faces', `${name}.onnx`),
  );
  const bytes = [...files, ...faces].reduce((sum, path) => sum + statSync(path).size, 0);
  expect(bytes).toBeLessThan(90e6);
});

/** test/fixtures/mobile-stylegan holds what the published networks answer. */
test('the mapping network answers as the published one', async () => {
  const map = await openGraph(named('starter').graphPaths.mapping);
  const w = await map(fixture('mobile-stylegan/z'), [3, 512]);
  expect(largestDifference(w, fixture('mobile-stylegan/w'))).toBeLessThan(tolerance);
});

test('the decoder draws as the published one, alone and in a batch', async () => {
  const { graphPaths, nStyles, styleDim, resolution } = named('starter');
  const decode = await openGraph(graphPaths.decoder);
  const means = fixture('mobile-stylegan/means64');
  const crops = fixture('mobile-stylegan/crop');
  const w = fixture('mobile-stylegan/w');
  const codes = (face: number): number[] =>
    Array<number[]>(nStyles)
      .fill([...w.slice(face * styleDim, (face + 1) * styleDim)])
      .flat();
  for (const faces of [[0], [1, 2]]) {
    const latents = Float32Array.from(faces.flatMap(codes));
    const images = await decode(latents, [faces.length, nStyles, styleDim]);
    const length = 3 * resolution ** 2;
    faces.forEach((face, i) => {
      const image = images.subarray(i * length, (i + 1) * length);
      const means64 = means.subarray(face * 3 * 64 ** 2, (face + 1) * 3 * 64 ** 2);
      const crop128 = crops.subarray(face * 3 * 128 ** 2, (face + 1) * 3 * 128 ** 2);
      expect(largestDifference(blockMeans(image, resolution, 16), means64)).toBeLessThan(tolerance);
      expect(largestDifference(crop(image, resolution, 448, 128), crop128)).toBeLessThan(tolerance);
    });
  }
});

/** test/fixtures/starter holds what the encoders answer in PyTorch: `psp_training.export --golden`. */
test.each([
  ['starter', 'photograph'],
  ['starter-sketch', 'sketch'],
])('the encoder of %s answers as in PyTorch', async (name, golden) => {
  const { graphPaths, input } = named(name);
  const encode = await openGraph(graphPaths.encoder);
  const { channels, size } = input;
  const codes = await encode(pattern(channels * size ** 2), [1, channels, size, size]);
  expect(largestDifference(codes, fixture(`starter/${golden}-codes`))).toBeLessThan(5 * tolerance);
});

const pattern = (length: number): Float32Array =>
  Float32Array.from({ length }, (_, i) => ((i * 7919) % 2003) / 1001.5 - 1);

/** Means of blocks of `block`² pixels of a picture [3, side, side]. */
function blockMeans(image: Float32Array, side: number, block: number): Float32Array {
  const cells = side / block;
  const means = new Float32Array(3 * cells ** 2);
  for (let i = 0; i < image.length; i += 1) {
    const row = Math.floor(i / side / block);
    means[row * cells + Math.floor((i % side) / block)]! += image[i]! / block ** 2;
  }
  return means;
}

/** The square of `length` pixels from (`from`, `from`) of a picture [3, side, side]. */
function crop(image: Float32Array, side: number, from: number, length: number): Float32Array {
  return Float32Array.from({ length: 3 * length ** 2 }, (_, i) => {
    const [x, y, channel] = [
      i % length,
      Math.floor(i / length) % length,
      Math.floor(i / length ** 2),
    ];
    return image[(channel * side + from + y) * side + from + x]!;
  });
}
