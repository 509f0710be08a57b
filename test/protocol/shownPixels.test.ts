import { withHidden, withoutHidden } from '../../protocol/shownPixels';

const mask = Uint8Array.of(0, 0, 9, 255, 0, 1, 255, 0, 0, 0);
const shownAt = [2, 3, 5, 6];

/** RGBA, empty where the mask hides it. */
function layer<T extends Uint8Array | Uint16Array>(data: T): T {
  data.forEach((_, i) => (data[i] = mask[i >> 2] === 0 ? 0 : 1 + i * 151));
  return data;
}

describe.each([
  ['8', layer(new Uint8Array(40))],
  ['16', layer(new Uint16Array(40))],
])('pixels of %s bit', (_, rgba) => {
  test('that are hidden and empty stay away, and come back', () => {
    const shown = withoutHidden(rgba, mask)!;
    expect([...shown]).toEqual(shownAt.flatMap((at) => [...rgba.subarray(4 * at, 4 * at + 4)]));
    expect(withHidden(shown, mask)).toEqual(rgba);
  });

  test.each([0, 1, 4, 9])('travel whole where the hidden one at %i is not empty', (at) => {
    const kept = rgba.slice();
    kept[4 * at + 3] = 1;
    expect(withoutHidden(kept, mask)).toBeNull();
  });

  test('travel whole where all are shown, or none', () => {
    expect(withoutHidden(rgba, new Uint8Array(10).fill(1))).toBeNull();
    expect(withoutHidden(rgba.slice().fill(0), new Uint8Array(10))).toBeNull();
  });

  test.each([3, 5])('are refused where %i came for a mask that shows four', (count) => {
    expect(() => withHidden(rgba.subarray(0, 4 * count), mask)).toThrow(/not as many/);
  });
});
