import fc from 'fast-check';
import {
  decodeNumbers,
  encodeFloat16,
  fromFloat16,
  toFloat16,
} from '../../../../models/convert/torch/storageNumbers';

test('every binary16 survives the way to float32 and back', () => {
  const changed = Array.from({ length: 65536 }, (_, bits) => bits).filter((bits) => {
    const value = fromFloat16(bits);
    const back = toFloat16(value);
    return Number.isNaN(value) ? !Number.isNaN(fromFloat16(back)) : back !== bits;
  });
  expect(changed).toEqual([]);
});

test('float32 rounds to the nearest binary16', () => {
  fc.assert(
    fc.property(fc.float({ min: -65504, max: 65504, noNaN: true }), (value) => {
      const bits = toFloat16(value);
      const error = Math.abs(fromFloat16(bits) - value);
      for (const neighbour of [bits - 1, bits + 1]) {
        if ((neighbour & 0x7fff) > 0x7bff || neighbour < 0) continue;
        const other = Math.abs(fromFloat16(neighbour & 0xffff) - value);
        expect(error).toBeLessThanOrEqual(other);
      }
    }),
  );
});

test.each([
  [2049, 2048],
  [2051, 2052],
  [2 ** -25, 0],
  [3 * 2 ** -25, 2 ** -23],
  [65519, 65504],
  [65520, Infinity],
  [-1e9, -Infinity],
])('ties go to even and overflow to infinity: %d', (value, expected) => {
  expect(fromFloat16(toFloat16(value))).toBe(expected);
});

test.each([
  ['float32', Float32Array.of(1.5, -2, 0.1)],
  ['float64', Float64Array.of(1.5, -2, 0.1)],
  ['int64', BigInt64Array.of(1n, -2n, 3n)],
  ['int32', Int32Array.of(1, -2, 3)],
  ['int16', Int16Array.of(1, -2, 3)],
  ['int8', Int8Array.of(1, -2, 3)],
  ['uint8', Uint8Array.of(1, 2, 255)],
  ['bool', Uint8Array.of(1, 0, 1)],
  ['float16', Uint16Array.of(0x3e00, 0xc000, 0x2e66)],
  ['bfloat16', Uint16Array.of(0x3fc0, 0xc000, 0x3dcd)],
] as const)('%s storages become float32', (type, numbers) => {
  const bytes = new Uint8Array(numbers.buffer);
  const halves = { float16: [1.5, -2, 0.0999755859375], bfloat16: [1.5, -2, 0.10009765625] };
  const expected = type in halves ? halves[type as keyof typeof halves] : [...numbers].map(Number);
  expect([...decodeNumbers(type, bytes)]).toEqual([...Float32Array.from(expected)]);
});

test('bytes are read wherever they lie', () => {
  const bytes = Buffer.from([0, 0, 0, 0xc0, 0x3f]).subarray(1);
  expect([...decodeNumbers('float32', bytes)]).toEqual([1.5]);
  expect([...encodeFloat16(Float32Array.of(1.5))]).toEqual([0, 0x3e]);
});
