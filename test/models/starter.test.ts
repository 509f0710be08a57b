import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createModelStore, type ModelPackage } from '../../bridge-server/models/modelStore';
import { verifyModel } from '../../bridge-server/models/verifyModel';
import { largestDifference, openGraph } from '../support/models';
import { readNpy } from '../support/npy';

const root = join(__dirname, '..', '..');
/** Answers of PyTorch for the checkpoints: `python -m psp_training.write_golden`. */
const golden = (name: string): Float32Array =>
  readNpy(join(root, 'test', 'fixtures', 'starter', `${name}.npy`)).data as Float32Array;
/** Weights are stored as float16: what PyTorch computes with float32 is met this closely. */
const tolerance = 1e-3;

const operations = ['frontalize', 'inpaint', 'reconstruct', 'sketch-to-face', 'super-resolve'];
let models: readonly ModelPackage[];

beforeAll(async () => {
  models = await createModelStore(join(root, 'models', 'starter'), join(root, 'none')).list();
});

const model = (operation: string): ModelPackage =>
  models.find((candidate) => candidate.operations.includes(operation))!;

/** The input that the golden answers were made from: pictures in −1..1, sketches in 0..1. */
function encoderInput({ input }: ModelPackage): Float32Array {
  const image = pattern(input.channels * 256 * 256);
  return input.kind === 'sketch' ? image.map((value) => (value + 1) / 2) : image;
}

const pattern = (length: number): Float32Array =>
  Float32Array.from({ length }, (_, i) => ((i * 7919) % 2003) / 1001.5 - 1);

test('there is a whole model for every operation, one decoder for all, and credit for the data', async () => {
  expect(models.flatMap((each) => each.operations).sort()).toEqual(operations);
  for (const each of models) {
    expect(await verifyModel(each)).toBeNull();
    expect(each.attribution).toContain('artflow.ai');
  }
  expect(new Set(models.map(({ graphPaths }) => graphPaths.decoder)).size).toBe(1);
});

test.each(operations)('the encoder for %s answers as in PyTorch', async (operation) => {
  const { graphPaths, input } = model(operation);
  const encode = await openGraph(graphPaths.encoder);
  const codes = await encode(encoderInput(model(operation)), [1, input.channels, 256, 256]);
  expect(largestDifference(codes, golden(`${operation}-codes`))).toBeLessThan(tolerance);
});

/** models/training leaves them as nothing but their shortcuts; the golden answers are of the whole network. */
test.each(operations)('the encoder for %s does without the units at 256² and 128²', (operation) => {
  const bytes = readFileSync(model(operation).graphPaths.encoder);
  const computed = [0, 1, 2].map((unit) => bytes.includes(`encoder.body.${unit}.res_layer.`));
  expect(computed).toEqual([false, false, true]);
});

test('so do the mapping network and the decoder', async () => {
  const { graphPaths, styleDim, nStyles } = model('reconstruct');
  const map = await openGraph(graphPaths.mapping);
  const w = await map(pattern(styleDim), [1, styleDim]);
  expect(largestDifference(w, golden('w'))).toBeLessThan(tolerance);
  const decode = await openGraph(graphPaths.decoder);
  const image = await decode(golden('reconstruct-codes'), [1, nStyles, styleDim]);
  expect(largestDifference(image, golden('image'))).toBeLessThan(tolerance);
});
