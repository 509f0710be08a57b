import fc from 'fast-check';
import { decodeNpy, encodeNpy } from '../../protocol/latents';
import { isPspError } from '../../protocol/errors';

const latents = { data: Float32Array.of(1, -2, 0.5, 3, 4, 5), shape: [3, 2] as const };

/** `numpy.save` of the same array, NumPy 2.0 (header padded to 128 bytes). */
const byNumpy = Buffer.concat([
  Buffer.from('\x93NUMPY\x01\x00v\x00', 'latin1'),
  Buffer.from(`{'descr': '<f4', 'fortran_order': False, 'shape': (3, 2), }`.padEnd(117) + '\n'),
  Buffer.from(latents.data.buffer),
]);

test('what NumPy writes is read, and what is written is the same byte for byte', () => {
  expect(decodeNpy(byNumpy)).toEqual(latents);
  expect(Buffer.compare(encodeNpy(latents), byNumpy)).toBe(0);
});

test('a leading dimension of one, as pSp keeps its codes, is dropped', () => {
  const text = byNumpy.toString('latin1').replace('(3, 2), } ', '(1, 3, 2)}');
  expect(decodeNpy(Buffer.from(text, 'latin1')).shape).toEqual([3, 2]);
});

test.each([
  ['another kind of file', Buffer.from('not an array at all'), 'does not begin as one'],
  ['a header cut off', byNumpy.subarray(0, 60), 'its header is cut off'],
  ['values cut off', byNumpy.subarray(0, 150), '3 × 2 values take 24 bytes, not 22'],
  ['float64', Buffer.from(byNumpy.toString('latin1').replace('<f4', '<f8'), 'latin1'), 'float32'],
  [
    'one dimension',
    Buffer.from(byNumpy.toString('latin1').replace('(3, 2)', '(6,)  '), 'latin1'),
    'not [n_styles, D]',
  ],
  ['not a number', encodeNpy({ ...latents, data: latents.data.map(() => NaN) }), 'not finite'],
])('%s is refused in words', (_, bytes, words) => {
  expect(() => decodeNpy(bytes)).toThrow(words);
});

test('any change of a file is read or refused, never anything else', () => {
  fc.assert(
    fc.property(
      fc.nat(byNumpy.length - 1),
      fc.nat(255),
      fc.nat(byNumpy.length),
      (at, value, end) => {
        const bytes = Buffer.from(byNumpy.subarray(0, end));
        if (at < end) bytes[at] = value;
        try {
          decodeNpy(bytes);
          return true;
        } catch (error) {
          return isPspError(error) && error.code === 'BAD_INPUT';
        }
      },
    ),
  );
});
