import fc from 'fast-check';
import { isConvertError, type ConvertOptions } from '../../../models/convert';
import type { Picklable } from '../../checkpoints/pickleWriter';
import { PickledTensor, writePickle } from '../../checkpoints/pickleWriter';
import { layOutPsp, type LayoutTensor } from '../../checkpoints/pspLayout';
import {
  convertInMemory,
  encodeOpts,
  makeCheckpoint,
  makeZip,
  smallestSizes,
} from '../../support/checkpoints';

/** A checkpoint of zeros, with the layout changed. */
async function makeChanged(
  change: (tensors: Map<string, LayoutTensor>) => void,
  root: Readonly<Record<string, Picklable>> = {},
): Promise<Buffer> {
  const tensors = new Map(layOutPsp(smallestSizes).map((tensor) => [tensor.name, tensor]));
  change(tensors);
  // One storage for all: torch allows it, and it keeps the test's files small.
  const state = [...tensors.values()].map(
    ({ name, shape }) => [name, new PickledTensor('FloatStorage', '0', 4096, shape)] as const,
  );
  const entries = { state_dict: new Map<string, Picklable>(state), opts: new Map(), ...root };
  return makeZip({
    'x/data.pkl': writePickle(new Map<string, Picklable>(Object.entries(entries))),
    'x/data/0': new Uint8Array(4 * 4096),
  });
}

const reshape = (name: string, shape: readonly number[]) => (tensors: Map<string, LayoutTensor>) =>
  void tensors.set(name, { ...tensors.get(name)!, shape });
const drop = (name: string) => (tensors: Map<string, LayoutTensor>) => void tensors.delete(name);

const rejects = async (
  file: Uint8Array,
  code: string,
  words: RegExp,
  options: Partial<ConvertOptions> = { operation: 'reconstruct' },
): Promise<void> =>
  expect(convertInMemory(file, options)).rejects.toMatchObject({
    code,
    message: expect.stringMatching(words),
  });

/** What came of it: the roles whose graphs are not empty. */
const converts = async (...args: Parameters<typeof convertInMemory>): Promise<string[]> =>
  Object.entries((await convertInMemory(...args)).graphs)
    .filter(([, graph]) => graph.length > 0)
    .map(([role]) => role);
const roles = ['encoder', 'mapping', 'decoder'];

test('the unchanged layout converts', async () => {
  const file = await makeChanged(() => undefined);
  await expect(converts(file, { operation: 'reconstruct' })).resolves.toEqual(roles);
});

describe('networks that are not pSp are refused by what is wrong', () => {
  test.each([
    ['no encoder', drop('encoder.input_layer.0.weight'), /lacks "encoder\.input_layer/],
    ['another generator', drop('decoder.to_rgb1.conv.weight'), /no generator of a known family/],
    ['no decoder', drop('decoder.conv1.conv.modulation.weight'), /lacks "decoder\.conv1/],
    ['no mapping', drop('decoder.style.1.weight'), /no mapping network/],
    ['no noise', drop('decoder.noises.noise_3'), /lacks "decoder\.noises\.noise_3"/],
    ['a unit too few', drop('encoder.body.3.res_layer.1.weight'), /3 units in 3 stages/],
    ['a style too few', drop('encoder.styles.9.linear.weight'), /9 styles, but .* 10/],
    ['a short head', drop('encoder.styles.0.convs.4.weight'), /has 2 convolutions/],
    ['an odd decoder', drop('decoder.convs.7.conv.weight'), /7 convolutions and 4 toRGB/],
    ['a 5×5 kernel', reshape('encoder.body.0.res_layer.1.weight', [2, 2, 5, 5]), /\[2, 2, 3, 3\]/],
    [
      'a wide norm',
      reshape('encoder.body.0.res_layer.0.bias', [3]),
      /where a pSp network has \[2\]/,
    ],
    ['another style', reshape('encoder.styles.4.linear.weight', [6, 5]), /styles\.4\.linear/],
    ['a scalar', reshape('encoder.input_layer.0.weight', []), /at least 2 dimensions/],
  ])('%s', async (_, change, words) => rejects(await makeChanged(change), 'FOREIGN', words));
});

describe('checkpoints of other kinds are told apart', () => {
  test('a StyleGAN2 generator', async () => {
    const file = await makeZip({ 'x/data.pkl': writePickle(new Map([['g_ema', new Map()]])) });
    await rejects(file, 'FOREIGN', /holds g_ema .* without an encoder/);
  });
  test('a lone tensor', async () => {
    const tensor = writePickle(new PickledTensor('FloatStorage', '0', 1, [1]));
    await rejects(await makeZip({ 'x/data.pkl': tensor }), 'FOREIGN', /something else/);
  });
  test('e4e, which has the same names', async () => {
    const opts = new Map([['encoder_type', 'Encoder4Editing']]);
    await rejects(await makeChanged(() => undefined, { opts }), 'UNSUPPORTED', /"Encoder4Editing"/);
  });
  test('too many tensors', async () => {
    const tensor = new PickledTensor('FloatStorage', '0', 4096, [1]);
    const many = new Map(Array.from({ length: 20_001 }, (_, i) => [`t${i}`, tensor]));
    await rejects(await makeChanged(() => undefined, { state_dict: many }), 'HOSTILE', /20001/);
  });
});

describe('the average latent', () => {
  const opts = new Map([['start_from_latent_avg', true]]);
  const average = (shape: readonly number[]): PickledTensor =>
    new PickledTensor('FloatStorage', '0', 4096, shape);

  test('missing', async () => {
    const file = await makeChanged(() => undefined, { opts });
    await rejects(file, 'FOREIGN', /latent_avg.* is missing/);
  });
  test.each([[[4]], [[3, 5]], [[5, 10]]])('of shape %j', async (shape) => {
    const file = await makeChanged(() => undefined, { opts, latent_avg: average(shape) });
    await rejects(file, 'FOREIGN', /it should be \[5\] or \[10, 5\]/);
  });
  test.each([[[5]], [[1, 5]], [[10, 5]], [[1, 10, 5]]])('of shape %j is taken', async (shape) => {
    const file = await makeChanged(() => undefined, { opts, latent_avg: average(shape) });
    await expect(converts(file, { operation: 'reconstruct' })).resolves.toEqual(roles);
  });
});

describe('what it is for', () => {
  const operationOf = async (
    opts: Readonly<Record<string, string>>,
    options: Partial<ConvertOptions> = {},
  ): Promise<string | undefined> => {
    const root = { opts: new Map(Object.entries(opts)) };
    return (await convertInMemory(await makeChanged(() => undefined, root), options)).model
      .operations[0];
  };

  test.each([
    [{ dataset_type: 'ffhq_encode' }, 'reconstruct'],
    [{ dataset_type: 'ffhq_frontalize' }, 'frontalize'],
    [{ dataset_type: 'celebs_super_resolution' }, 'super-resolve'],
    [{ dataset_type: 'celebs_sketch_to_face' }, 'sketch-to-face'],
    [{ dataset_type: 'celebs_seg_to_face' }, 'labels-to-face'],
    [{ dataset_type: 'toonify' }, 'toonify'],
    [{ dataset_type: 'ffhq_encode', operation: 'inpaint' }, 'inpaint'],
  ])('%j', async (opts, operation) => {
    expect(await operationOf(opts as unknown as Record<string, string>)).toBe(operation);
  });

  test('the caller knows better', async () => {
    expect(await operationOf(encodeOpts, { operation: 'toonify' })).toBe('toonify');
  });

  test('unknown, it is asked for', async () => {
    await expect(operationOf({ dataset_type: 'cats_encode' })).rejects.toMatchObject({
      code: 'BAD_OPTION',
      message: expect.stringMatching(/"cats_encode".*reconstruct, frontalize/),
    });
    await expect(operationOf({})).rejects.toThrow(/does not tell/);
    await expect(operationOf({}, { operation: 'fly' })).rejects.toThrow(/"fly"/);
  });

  test('licence, attribution and domain travel with our own checkpoints', async () => {
    const opts = new Map(Object.entries({ licence: 'CC0-1.0', attribution: 'us', domain: 'cat' }));
    const file = await makeChanged(() => undefined, { opts });
    const { model } = await convertInMemory(file, { operation: 'reconstruct', attribution: 'me' });
    expect(model).toMatchObject({ licence: 'CC0-1.0', attribution: 'me', domain: 'cat' });
  });

  test.each(['', 'Ünicode', 'a/b', '..', 'shared', 'x'.repeat(65)])('the name %j', async (name) => {
    const file = await makeChanged(() => undefined);
    await rejects(file, 'BAD_OPTION', /cannot be named/, { operation: 'reconstruct', name });
  });
});

describe('numbers', () => {
  /** In the first place of a layer that is large enough to be stored as float16. */
  const withNumber = async (value: number): Promise<Buffer> => {
    const sizes = { ...smallestSizes, decoderWidth: () => 64 };
    const layout = layOutPsp(sizes);
    const index = layout.findIndex(({ name }) => name === 'decoder.convs.7.conv.weight');
    // The zip's checksum is made again around the changed number.
    const entries: Record<string, Uint8Array> = {};
    for (const { name, bytes } of entriesOf(await makeCheckpoint(sizes))) entries[name] = bytes;
    const weights = Uint8Array.from(entries[`archive/data/${index}`]!);
    new DataView(weights.buffer).setFloat32(0, value, true);
    entries[`archive/data/${index}`] = weights;
    return makeZip(entries);
  };

  test.each([NaN, Infinity])('%d is damage', async (value) =>
    rejects(await withNumber(value), 'CORRUPT', /diverged/),
  );

  test('too large for float16 is said, with the way out', async () => {
    const file = await withNumber(1e9);
    await rejects(file, 'UNSUPPORTED', /float32 precision/, { precision: 'float16' });
    await expect(converts(file)).resolves.toEqual(roles);
  });
});

test('a changed bit is refused or harmless', async () => {
  const file = await makeCheckpoint();
  const { model } = await convertInMemory(file);
  await fc.assert(
    fc.asyncProperty(fc.nat(file.length - 1), fc.nat(7), async (at, bit) => {
      const changed = Buffer.from(file);
      changed[at]! ^= 1 << bit;
      const result = await convertInMemory(changed).catch((error: unknown) => error);
      if (isConvertError(result)) return true;
      return (
        typeof result === 'object' &&
        result !== null &&
        'model' in result &&
        JSON.stringify((result.model as typeof model).checksums) === JSON.stringify(model.checksums)
      );
    }),
    { numRuns: 60 },
  );
});

test('it can be cancelled, and tells how far it is', async () => {
  const file = await makeCheckpoint();
  const stages: string[] = [];
  const signal = { aborted: false };
  const onProgress = ({ stage, fraction }: { stage: string; fraction: number }): void => {
    expect(fraction).toBeGreaterThanOrEqual(0);
    expect(fraction).toBeLessThanOrEqual(1);
    if (stages.at(-1) !== stage) stages.push(stage);
    if (stage === 'mapping') signal.aborted = true;
  };
  const converted = convertInMemory(file, {}, { signal, onProgress });
  await expect(converted).rejects.toMatchObject({ code: 'CANCELLED' });
  expect(stages).toEqual(['verify', 'encoder', 'mapping']);
});

/** Stored entries of a zip, by walking its local headers. */
function* entriesOf(zip: Buffer): Generator<{ readonly name: string; readonly bytes: Buffer }> {
  for (let at = 0; zip.readUInt32LE(at) === 0x04034b50;) {
    const size = zip.readUInt32LE(at + 18);
    const nameEnd = at + 30 + zip.readUInt16LE(at + 26);
    const start = nameEnd + zip.readUInt16LE(at + 28);
    yield {
      name: zip.toString('utf8', at + 30, nameEnd),
      bytes: zip.subarray(start, start + size),
    };
    at = start + size;
  }
}
