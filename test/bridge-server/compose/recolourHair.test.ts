import { hairGain, planesOf, recolourHair, type Grid } from '../../../bridge-server/compose';
import { addedBy, shownThrough } from '../../../bridge-server/compose/composedFace';
import type { FacePlanes } from '../../../bridge-server/faces';
import { planes } from '../../support/faceLike';

const size = 128;
/** Hair is above the middle, or below it. */
const above: Grid = {
  side: 64,
  planes: [Float32Array.from({ length: 4096 }, (_, i) => +(i < 2048))],
};
const below: Grid = { side: 64, planes: [above.planes[0]!.map((value) => 1 - value)] };
const none: Grid = { side: 64, planes: [new Float32Array(4096)] };
const plain = (above: number, below: number): FacePlanes =>
  planes(size, (_, v) => (v < 0.5 ? [above, above, above / 2] : [below, below, below]));
const linear = (value: number): number => ((value + 0.055) / 1.055) ** 2.4;

test('the gain is that of the hair, wherever it lies in the two pictures', () => {
  const before = { picture: planesOf(plain(0.3, 0.9)), share: above };
  const after = { picture: planesOf(plain(0.1, 0.6)), share: below };
  const [r, g, b] = hairGain(before, after)!;
  expect(r).toBeCloseTo((linear(0.6) + 1e-3) / (linear(0.3) + 1e-3), 3);
  expect(g).toBe(r);
  expect(b).toBeGreaterThan(r);
});

test('pictures without hair have no gain', () => {
  const picture = planesOf(plain(0.3, 0.9));
  expect(hairGain({ picture, share: above }, { picture, share: none })).toBeNull();
  expect(hairGain({ picture, share: none }, { picture, share: above })).toBeNull();
});

test('only hair is recoloured, and is shown; black and white stay', () => {
  const photograph = plain(0.3, 0.9);
  const nothing = shownThrough(null, none);
  const at = (x: number, y: number): number => y * size + x;
  const recoloured = recolourHair(nothing, photograph, above, [3, 3, 3]);
  const add = addedBy(recoloured, size);
  expect(add[at(64, 40)]).toBeGreaterThan(0.15);
  expect(add[at(64, 100)]).toBe(0);
  const shown = (y: number): number => recoloured.mask.planes[0]![y * size + size / 2]!;
  expect([shown((0.3 * size) | 0), shown((0.8 * size) | 0)]).toEqual([1, 0]);
  // Towards the crop's border it fades: hair goes on beyond.
  expect(add[at(64, 1)]).toBeLessThan(0.02);
  for (const level of [0, 1]) {
    const still = addedBy(recolourHair(nothing, plain(level, level), above, [3, 3, 0.3]), size);
    expect(Math.abs(still[at(64, 40)]!)).toBeLessThan(1e-5);
  }
});
