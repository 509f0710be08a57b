import { readPickle } from '../../../../models/convert/torch/pickle';
import type { PickleDict, TensorRef } from '../../../../models/convert/torch/pickleValues';
import { PickledTensor, PickledTuple, writePickle } from '../../../checkpoints/pickleWriter';

const pickle = (...parts: (string | number)[]): Uint8Array =>
  Buffer.concat([
    Buffer.from([0x80, 2]),
    ...parts.map((part) =>
      typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from([part]),
    ),
  ]);
const read = (...parts: (string | number)[]): unknown => readPickle(pickle(...parts)).value;

test('reads what torch writes', () => {
  const tensor = new PickledTensor('HalfStorage', '7', 12, [2, 3], [6, 2], 1);
  const { value, storages } = readPickle(
    writePickle(
      new Map<string, Parameters<typeof writePickle>[0]>([
        ['tensor', tensor],
        ['text', 'Grüße'],
        ['numbers', [1, -2, 0.5, null, true, new PickledTuple([])]],
      ]),
    ),
  );
  const { entries } = value as PickleDict;
  const read = entries.get('tensor') as TensorRef;
  expect(read).toMatchObject({ offset: 1, shape: [2, 3], strides: [6, 2] });
  expect(read.storage).toMatchObject({ type: 'float16', key: '7', length: 12 });
  expect(storages).toEqual([read.storage]);
  expect(entries.get('text')).toBe('Grüße');
  expect(entries.get('numbers')).toMatchObject([1, -2, 0.5, null, true, { items: [] }]);
});

test("reads pickletools' other ways to say the same", () => {
  expect(read(0x8a, 2, 0xff, 0x7f, '.')).toBe(0x7fff); // LONG1
  expect(read(0x8a, 1, 0xff, '.')).toBe(-1);
  expect(read(0x8a, 10, 'lüœF', 0xf9, 0x20, 'j', 0xa8, 'P', 0x19, '.')).toEqual(expect.any(BigInt));
  expect(read('K', 5, 0x94, '0', 'h', 0, '.')).toBe(5); // MEMOIZE, POP, BINGET
  expect(read(0x8c, 2, 'hi', '.')).toBe('hi'); // SHORT_BINUNICODE
  expect(read('](K', 1, 'K', 2, 'e.')).toEqual([1, 2]);
  expect(read(']K', 1, 'a.')).toEqual([1]);
  expect((read('}K', 1, 'K', 2, 's.') as PickleDict).entries.get(1)).toBe(2);
  expect(read('(K', 1, '1K', 2, '.')).toBe(2); // POP_MARK
});

test('a namespace is a dictionary; the metadata of a state dict is left out', () => {
  const namespace = read('cargparse\nNamespace\n)', 0x81, '}(X', 1, 0, 0, 0, 'aK', 1, 'ub.');
  expect((namespace as PickleDict).entries).toEqual(new Map([['a', 1]]));
  const dict = read(
    ...['ccollections\nOrderedDict\n)R(X', 1, 0, 0, 0, 'aK', 1, 'u'],
    ...['}(X', 9, 0, 0, 0, '_metadataK', 1, 'ub.'],
  );
  expect((dict as PickleDict).entries).toEqual(new Map([['a', 1]]));
});

describe('is a program that is not run', () => {
  test.each([
    ['os.system', 'cos\nsystem\n(X\x02\0\0\0lstR.'],
    ['builtins.eval', 'cbuiltins\neval\n.'],
    ['posix.system', '\x8c\x05posix\x8c\x06system\x93.'],
    ['torch.load', 'ctorch\nload\n.'],
    ['collections.OrderedDict.__init__', 'ccollections\nOrderedDict.__init__\n.'],
    ['__main__.constructor', 'c__main__\nconstructor\n.'],
  ])('%s is refused by name', (name, program) => {
    expect(() => read(program)).toThrow(
      expect.objectContaining({ code: 'HOSTILE', message: expect.stringContaining(`"${name}"`) }),
    );
  });

  test("Object's own names are no globals", () => {
    expect(() => read('c\nconstructor\n.')).toThrow(/refused|needs/);
  });
});

describe('damage is told', () => {
  test.each([
    ['an unknown opcode', 'CORRUPT', ['\xff.']],
    ['INST, of protocol 0', 'CORRUPT', ['ios\nsystem\n.']],
    ['no end', 'TRUNCATED', ['K']],
    ['a text longer than the file', 'TRUNCATED', ['X', 0xff, 0xff, 0, 0, 'a.']],
    ['a huge text', 'CORRUPT', ['X', 0xff, 0xff, 0xff, 0x7f, 'a.']],
    ['an empty stack', 'CORRUPT', ['.']],
    ['a missing mark', 'CORRUPT', ['t.']],
    ['an unset memo', 'CORRUPT', ['h', 9, '.']],
    ['a marker as memo', 'CORRUPT', ['(q', 0, '.']],
    ['calling a number', 'CORRUPT', ['K', 1, ')R.']],
    ['calling a storage type', 'CORRUPT', ['ctorch\nFloatStorage\n)R.']],
    ['items for a list', 'CORRUPT', [']K', 1, 'K', 2, 's.']],
    ['a tuple as key', 'CORRUPT', ['})K', 2, 's.']],
    ['an odd number of items', 'CORRUPT', ['}(K', 1, 'u.']],
    ['appending to a number', 'CORRUPT', ['K', 1, 'K', 2, 'a.']],
    ['state for a number', 'CORRUPT', ['K', 1, '}b.']],
    ['an unknown storage', 'CORRUPT', ['(X\x07\0\0\0storage', 'K', 1, 'tQ.']],
    ['a text protocol', 'FOREIGN', [0x80, 0, '.']],
    ['an endless line', 'TRUNCATED', ['cos']],
  ])('%s', (_, code, parts) => {
    expect(() => read(...parts)).toThrow(expect.objectContaining({ code }));
  });

  test.each([
    ['reaches outside of its storage', { shape: [4, 4], length: 15 }],
    ['reaches outside by its strides', { shape: [2, 2], strides: [100, 1], length: 16 }],
    ['begins outside', { shape: [1], offset: 16, length: 16 }],
    ['has negative sizes', { shape: [-4], length: 16 }],
    ['has fractional sizes', { shape: [1.5], length: 16 }],
    ['has more strides than sizes', { shape: [4], strides: [1, 1], length: 16 }],
    ['has nine dimensions', { shape: Array<number>(9).fill(1), length: 16 }],
    ['is huge through zero strides', { shape: [99999, 99999], strides: [0, 0], length: 1 }],
  ])('a tensor that %s', (_, { shape, strides, offset, length }: TensorCase) => {
    const tensor = new PickledTensor('FloatStorage', '0', length, shape, strides, offset);
    expect(() => readPickle(writePickle(tensor))).toThrow(
      expect.objectContaining({ code: expect.stringMatching(/CORRUPT|HOSTILE/) }),
    );
  });
});

interface TensorCase {
  readonly shape: readonly number[];
  readonly strides?: readonly number[];
  readonly offset?: number;
  readonly length: number;
}
