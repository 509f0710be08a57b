import fc from 'fast-check';
import { isConvertError } from '../../../../models/convert';
import { readTensor } from '../../../../models/convert/torch/checkpointFile';
import { openCheckpointFile } from '../../../../models/convert/torch/openCheckpointFile';
import { readPickle } from '../../../../models/convert/torch/pickle';
import type { PickleDict, TensorRef } from '../../../../models/convert/torch/pickleValues';
import { readZipDirectory } from '../../../../models/convert/torch/zipArchive';
import { PickledTensor, writePickle } from '../../../checkpoints/pickleWriter';
import { makeLegacy, makeZip, memorySource } from '../../../support/checkpoints';

const floats = (...values: number[]): Uint8Array =>
  new Uint8Array(Float32Array.from(values).buffer);

async function readNamed(file: Uint8Array, name: string): Promise<number[]> {
  const source = memorySource(file);
  const checkpoint = await openCheckpointFile(source);
  const tensor = (checkpoint.root as PickleDict).entries.get(name);
  return [...(await readTensor(source, checkpoint, tensor as TensorRef))];
}

const six = new PickledTensor('FloatStorage', 'a', 6, [2, 3]);
const transposed = new PickledTensor('FloatStorage', 'a', 6, [3, 2], [1, 3]);
const column = new PickledTensor('FloatStorage', 'a', 6, [2], [3], 1);
const expanded = new PickledTensor('FloatStorage', 'a', 6, [2, 2], [0, 1], 4);
const scalar = new PickledTensor('FloatStorage', 'a', 6, [], [], 5);
const empty = new PickledTensor('FloatStorage', 'a', 6, [0, 3], [3, 1], 0);
const pickled = writePickle(
  new Map(Object.entries({ six, transposed, column, expanded, scalar, empty })),
);
const bytes = floats(1, 2, 3, 4, 5, 6);

describe.each([
  [
    'zip',
    () =>
      makeZip({ 'x/data.pkl': pickled, 'x/data/a': bytes, 'x/byteorder': Buffer.from('little') }),
  ],
  ['legacy', () => Promise.resolve(makeLegacy(pickled, [['a', 6, bytes]]))],
] as const)('the %s container', (_, make) => {
  test.each([
    ['six', [1, 2, 3, 4, 5, 6]],
    ['transposed', [1, 4, 2, 5, 3, 6]],
    ['column', [2, 5]],
    ['expanded', [5, 6, 5, 6]],
    ['scalar', [6]],
    ['empty', []],
  ])('gives tensors that share a storage, whatever their strides: %s', async (name, expected) => {
    expect(await readNamed(await make(), name)).toEqual(expected);
  });

  test('cut short anywhere is refused', async () => {
    const whole = await make();
    for (let length = 0; length < whole.length; length++) {
      const opened = openCheckpointFile(memorySource(whole.subarray(0, length)));
      await expect(opened).rejects.toMatchObject({
        code: expect.stringMatching(/TRUNCATED|CORRUPT|FOREIGN/),
      });
    }
  });
});

test('a view of a legacy storage begins at its offset', async () => {
  const value = Buffer.concat([
    Buffer.from('\x80\x02}X\x01\0\0\0tctorch._utils\n_rebuild_tensor_v2\n((', 'latin1'),
    Buffer.from(
      'X\x07\0\0\0storagectorch\nFloatStorage\nX\x01\0\0\0aX\x03\0\0\0cpuK\x06',
      'latin1',
    ),
    // (view key, offset, length)
    Buffer.from('X\x01\0\0\0vK\x02K\x03\x87tQK\x01(K\x02t(K\x01t\x89)tRs.', 'latin1'),
  ]);
  expect(await readNamed(makeLegacy(value, [['a', 6, bytes]]), 't')).toEqual([4, 5]);
});

test('zip64 sizes and offsets are read', async () => {
  const file = await makeZip({ 'x/data.pkl': pickled, 'x/data/a': bytes });
  expect(await readNamed(toZip64(file), 'six')).toEqual([1, 2, 3, 4, 5, 6]);
});

describe('a zip is refused when', () => {
  const refuse = async (file: Uint8Array, code: string, words: RegExp): Promise<void> =>
    expect(readZipDirectory(memorySource(file))).rejects.toMatchObject({
      code,
      message: expect.stringMatching(words),
    });
  const withCentral = async (change: (central: Buffer) => void): Promise<Buffer> => {
    const file = await makeZip({ a: bytes, b: bytes });
    change(file.subarray(file.readUInt32LE(file.length - 6)));
    return file;
  };

  test('it is compressed', async () => {
    const file = await withCentral((central) => central.writeUInt16LE(8, 10));
    await refuse(file, 'UNSUPPORTED', /"a" in it is compressed/);
  });
  test('it is encrypted', async () => {
    const file = await withCentral((central) => central.writeUInt16LE(1, 8));
    await refuse(file, 'UNSUPPORTED', /encrypted/);
  });
  test('an entry has two sizes', async () => {
    const file = await withCentral((central) => central.writeUInt32LE(7, 20));
    await refuse(file, 'CORRUPT', /two sizes/);
  });
  test('an entry ends behind the file', async () => {
    const file = await withCentral((central) => {
      central.writeUInt32LE(9999, 20);
      central.writeUInt32LE(9999, 24);
    });
    await refuse(file, 'TRUNCATED', /ends at byte/);
  });
  test('entries share bytes', async () => {
    const file = await withCentral((central) => {
      central.writeUInt32LE(100, 20);
      central.writeUInt32LE(100, 24);
    });
    await refuse(file, 'HOSTILE', /share bytes/);
  });
  test('an entry is not where the directory says', async () => {
    const file = await withCentral((central) => central.writeUInt32LE(1, 42));
    await refuse(file, 'CORRUPT', /does not begin/);
  });
  test('a zip64 field is missing', async () => {
    const file = await withCentral((central) => central.writeUInt32LE(0xffffffff, 24));
    await refuse(file, 'CORRUPT', /zip64/);
  });
  test('it announces more entries than it has', async () => {
    const file = await makeZip({ a: bytes });
    file.writeUInt16LE(9, file.length - 12);
    await refuse(file, 'CORRUPT', /breaks off/);
  });
  test('its directory is huge', async () => {
    const file = await makeZip({ a: bytes });
    file.writeUInt32LE(0x7fffffff, file.length - 10);
    await refuse(file, 'HOSTILE', /at most/);
  });
});

describe('foreign files are named', () => {
  test.each([
    ['', /it is empty/],
    ['<!DOCTYPE html><html>', /web page/],
    ['version https://git-lfs.github.com/spec/v1', /Git LFS/],
    ['\x08\x08\x12\x07pytorch', /neither like a zip nor like a pickle/],
    ['\x80\x02K\x01.', /torch.save did not make it/],
  ])('%j', async (content, words) => {
    const file = Buffer.from(content, 'latin1');
    await expect(openCheckpointFile(memorySource(file))).rejects.toMatchObject({
      code: 'FOREIGN',
      message: expect.stringMatching(words),
    });
  });

  test('zips that torch.save did not make', async () => {
    const open = async (name: string): Promise<unknown> =>
      openCheckpointFile(memorySource(await makeZip({ [name]: bytes })));
    await expect(open('word/document.xml')).rejects.toThrow(/data\.pkl/);
    await expect(open('model/constants.pkl')).rejects.toThrow(/TorchScript/);
  });

  test('big-endian files', async () => {
    const zip = await makeZip({ 'x/data.pkl': pickled, 'x/byteorder': Buffer.from('big') });
    await expect(openCheckpointFile(memorySource(zip))).rejects.toThrow(/big-endian/);
    const legacy = makeLegacy(pickled, []);
    legacy[legacy.indexOf('little_endian') + 'little_endian'.length] = 0x89; // NEWFALSE
    await expect(openCheckpointFile(memorySource(legacy))).rejects.toThrow(/big-endian/);
  });
});

test('arbitrary bytes as pickle or zip give an error of ours, never another', async () => {
  const ours = (run: () => unknown): boolean => {
    try {
      run();
      return true;
    } catch (error) {
      return isConvertError(error);
    }
  };
  const opcodes = fc.constantFrom(
    ...Buffer.from('.(0NK]}()tuesabRQqhXcJM\x81\x85\x93\x94', 'latin1'),
  );
  const program = fc
    .uint8Array({ maxLength: 60 })
    .chain((noise) =>
      fc.array(opcodes, { maxLength: 60 }).map((codes) => Buffer.from([...codes, ...noise])),
    );
  fc.assert(
    fc.property(program, (bytes) => ours(() => readPickle(bytes))),
    { numRuns: 2000 },
  );
  const end = Buffer.from('504b0506000000000200020020000000', 'hex');
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), fc.nat(220), async (noise, offset) => {
      const tail = Buffer.alloc(6);
      tail.writeUInt32LE(offset);
      const file = Buffer.concat([Buffer.from('PK\x03\x04'), noise, end, tail]);
      return readZipDirectory(memorySource(file)).then(() => true, isConvertError);
    }),
  );
});

/** Rewrites a zip's directory so that every size and offset is a zip64 field. */
function toZip64(file: Buffer): Buffer {
  const start = file.readUInt32LE(file.length - 6);
  const count = file.readUInt16LE(file.length - 12);
  const parts: Buffer[] = [file.subarray(0, start)];
  for (let i = 0, at = start; i < count; i++) {
    const name = file.subarray(at + 46, at + 46 + file.readUInt16LE(at + 28));
    const head = Buffer.from(file.subarray(at, at + 46));
    const extra = Buffer.alloc(28);
    extra.writeUInt16LE(1, 0);
    extra.writeUInt16LE(24, 2);
    extra.writeBigUInt64LE(BigInt(head.readUInt32LE(24)), 4);
    extra.writeBigUInt64LE(BigInt(head.readUInt32LE(20)), 12);
    extra.writeBigUInt64LE(BigInt(head.readUInt32LE(42)), 20);
    for (const field of [20, 24, 42]) head.writeUInt32LE(0xffffffff, field);
    head.writeUInt16LE(extra.length, 30);
    parts.push(head, name, extra);
    at += 46 + name.length;
  }
  const directory = Buffer.concat(parts.slice(1));
  const record = Buffer.alloc(56 + 20 + 22);
  record.write('PK\x06\x06', 0, 'latin1');
  record.writeBigUInt64LE(BigInt(count), 32);
  record.writeBigUInt64LE(BigInt(directory.length), 40);
  record.writeBigUInt64LE(BigInt(start), 48);
  record.write('PK\x06\x07', 56, 'latin1');
  record.writeBigUInt64LE(BigInt(start + directory.length), 64);
  record.write('PK\x05\x06', 76, 'latin1');
  record.fill(0xff, 84, 96);
  return Buffer.concat([...parts, record]);
}
