import { decodeDirections } from '../../../models/convert';

const entry = {
  name: 'smile',
  label: 'Smile',
  hint: 'More.',
  unit: null,
  min: -1,
  max: 0.5,
  styles: [[1, 3]],
};

function file(
  document: unknown = { formatVersion: 1, directions: [entry] },
  tensors: object = { smile: { dtype: 'F16', shape: [1, 2], data_offsets: [0, 4] } },
): Uint8Array {
  const header = JSON.stringify({
    ...tensors,
    __metadata__: { 'psp-layers': JSON.stringify(document) },
  });
  const length = new Uint8Array(new BigUint64Array([BigInt(header.length)]).buffer);
  // 1.5 and −2⁻¹⁵, a subnormal half.
  return Buffer.concat([length, Buffer.from(header), Uint8Array.of(0x00, 0x3e, 0x00, 0x82)]);
}

test('names, limits and steps are read', () => {
  const [smile] = decodeDirections(file(), 4, 2);
  expect(smile).toEqual({
    name: 'smile',
    label: 'Smile',
    hint: 'More.',
    unit: null,
    min: -1,
    max: 0.5,
    steps: [{ from: 1, to: 3, row: Float32Array.of(1.5, -(2 ** -15)) }],
  });
});

test.each([
  ['no header', new Uint8Array(4)],
  ['a header longer than the file', Uint8Array.of(255, 1, 0, 0, 0, 0, 0, 0, 123)],
  ['a header that is not JSON', Buffer.from('\x02\0\0\0\0\0\0\0no')],
  ['a direction without its tensor', file(undefined, {})],
  ['a tensor beyond the file', file(undefined, { smile: { dtype: 'F16', data_offsets: [4, 8] } })],
  [
    'styles that the codes do not have',
    file({ formatVersion: 1, directions: [{ ...entry, styles: [[3, 5]] }] }),
  ],
])('%s is refused', (_, bytes) => {
  expect(() => decodeDirections(bytes, 4, 2)).toThrow(expect.objectContaining({ code: 'CORRUPT' }));
});

test('a later version is refused as such', () => {
  expect(() => decodeDirections(file({ formatVersion: 2, directions: [] }), 4, 2)).toThrow(
    expect.objectContaining({ code: 'UNSUPPORTED' }),
  );
});
