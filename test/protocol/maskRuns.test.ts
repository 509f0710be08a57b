import { decodeRuns, encodeRuns } from '../../protocol/maskRuns';

const [width, height] = [300, 200];

/** An oval that fades within `feather` of its half axes. */
const oval = (feather: number): Uint8Array<ArrayBuffer> =>
  Uint8Array.from({ length: width * height }, (_, i) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    const away = Math.hypot((2 * x + 1) / width - 1, (2 * y + 1) / height - 1);
    return Math.round(255 * Math.min(1, Math.max(0, (1 - away) / feather)));
  });

test.each([
  ['nothing', new Uint8Array(width * height), 0.01],
  ['everything', new Uint8Array(width * height).fill(255), 0.01],
  ['an oval', oval(0.001), 0.1],
  ['a feathered oval', oval(0.3), 0.4],
])('%s comes back from fewer bytes', (_, mask, share) => {
  const runs = encodeRuns(mask, width)!;
  expect(runs.length).toBeLessThan(mask.length * share);
  expect(decodeRuns(runs, width, mask.length)).toEqual(mask);
});

test('a mask that changes everywhere gains nothing', () => {
  expect(
    encodeRuns(
      oval(1).map((value, i) => value + i * i * 31),
      width,
    ),
  ).toBeNull();
});

test.each([
  ['too few', [255, 1]],
  ['too many', [200, 1, 101, 0]],
  ['a length without a change', [200, 1, 100]],
  ['an empty run', [200, 1, 0, 5, 100, 0]],
  ['none', []],
])('runs that do not fill their mask are refused: %s', (_, runs) => {
  expect(() => decodeRuns(Uint8Array.from(runs), 100, 300)).toThrow(/do not fill/);
});
