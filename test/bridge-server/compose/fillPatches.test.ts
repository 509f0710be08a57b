import { fillPatches } from '../../../bridge-server/compose/fillPatches';
import type { Grid } from '../../../bridge-server/compose';

const side = 128;
const planeOf = (value: (x: number, y: number) => number): Float32Array =>
  Float32Array.from({ length: side * side }, (_, i) => value(i % side, Math.floor(i / side)));

/** Stripes, eight cells apart. */
const stripes = (x: number): number => ((x >> 2) & 1 ? 0.8 : 0.2);
const inHole = (x: number, y: number): boolean => x > 48 && x < 76 && y > 40 && y < 84;
const hole = planeOf((x, y) => (inHole(x, y) ? 1 : 0));
const source = Uint8Array.from(hole, (value) => 1 - value);
const holed: Grid = {
  side,
  planes: [0, 1, 2].map(() => planeOf((x, y) => (inHole(x, y) ? 1 : stripes(x)))),
};

test('a pattern goes on through a hole instead of fading in it', () => {
  const { planes } = fillPatches(holed, hole, source);
  const wrong = planeOf((x, y) =>
    inHole(x, y) ? Math.abs(planes[0]![y * side + x]! - stripes(x)) : 0,
  );
  const area = hole.reduce((sum, value) => sum + value, 0);
  expect(wrong.reduce((sum, value) => sum + value, 0) / area).toBeLessThan(0.05);
});

test('outside the hole nothing changes, and the same picture is filled alike', () => {
  const [once, again] = [fillPatches(holed, hole, source), fillPatches(holed, hole, source)];
  expect(again).toEqual(once);
  once.planes[0]!.forEach((value, i) => {
    if (hole[i] === 0) expect(value).toBe(holed.planes[0]![i]);
  });
});

test('with nothing to learn from it is smooth, with nothing to fill it is the picture', () => {
  expect(
    fillPatches(holed, hole, new Uint8Array(side * side).fill(0)).planes[0]!.every(Number.isFinite),
  ).toBe(true);
  expect(fillPatches(holed, new Float32Array(side * side), source)).toBe(holed);
});
