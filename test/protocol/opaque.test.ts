import { withAlpha, withoutAlpha } from '../../protocol/opaque';

const rgba = (count: number): Uint8Array<ArrayBuffer> =>
  Uint8Array.from({ length: count * 4 }, (_, i) => (i % 4 === 3 ? 255 : (i * 151 + 7) % 256));

test.each([1, 2, 3, 4, 5, 8, 11])('%s opaque pixels come back from three bytes each', (count) => {
  const pixels = rgba(count);
  const rgb = withoutAlpha(pixels)!;
  expect([...rgb]).toEqual([...pixels].filter((_, i) => i % 4 !== 3));
  expect(withAlpha(rgb.slice())).toEqual(pixels);
});

test('pixels that begin anywhere in their buffer', () => {
  const pixels = rgba(6);
  const elsewhere = new Uint8Array(25);
  elsewhere.set(pixels, 1);
  expect(withoutAlpha(elsewhere.subarray(1))).toEqual(withoutAlpha(pixels));
});

test('one pixel that is not opaque keeps the alpha of all', () => {
  for (const at of [0, 4, 6]) {
    const pixels = rgba(7);
    pixels[4 * at + 3] = 254;
    expect(withoutAlpha(pixels)).toBeNull();
  }
});
