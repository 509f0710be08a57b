import {
  lightBetween,
  planesOf,
  previewFace,
  relight,
  untouched,
  type Grid,
} from '../../../bridge-server/compose';
import type { FacePlanes } from '../../../bridge-server/faces';
import { toLinear } from '../../../bridge-server/compose/linearLight';
import { planes, pores } from '../../support/faceLike';

const size = 256;
const everywhere: Grid = { side: 2, planes: [new Float32Array(4).fill(1)] };
const left: Grid = {
  side: 64,
  planes: [Float32Array.from({ length: 4096 }, (_, i) => +(i % 64 < 32))],
};
const stops = (left: number, right = left): Grid => ({
  side: 2,
  planes: [Float32Array.of(left, right, left, right)],
});
/** Skin, a quarter as bright as it looks. */
const skin = (noise: number): FacePlanes =>
  planes(size, (u, v) => {
    const grain = pores(u * size, v * size, noise);
    return [0.42 + grain, 0.3 + grain, 0.22 + grain];
  });
const lit = (photograph: FacePlanes, light: Grid, area = everywhere): FacePlanes =>
  previewFace(relight(untouched, photograph, light, area), photograph);

/** Linear light of a cell, by channel. */
const lightAt = (image: FacePlanes, x: number, y: number): readonly number[] =>
  planesOf(image).planes.map((plane) => toLinear(plane[y * size + x]!));

test.each([-1, 0.8])('light of %d stops keeps the hue, in linear light', (amount) => {
  const photograph = skin(0);
  const before = lightAt(photograph, 128, 128);
  const after = lightAt(lit(photograph, stops(amount)), 128, 128);
  before.forEach((light, c) => expect(after[c]! / light).toBeCloseTo(2 ** amount, 2));
});

test('white is not clipped, and black stays', () => {
  for (const level of [0, 1]) {
    const photograph = planes(size, () => [level, level, level]);
    const after = lit(photograph, stops(1.5));
    expect(after.rgb.every((value) => Math.abs(value - level) < 2e-3)).toBe(true);
  }
  const bright = planes(size, () => [0.97, 0.8, 0.7]);
  const [r, g] = lightAt(lit(bright, stops(1)), 128, 128) as [number, number, number];
  expect(r).toBeLessThan(1);
  expect(r / g).toBeCloseTo(toLinear(0.97) / toLinear(0.8), 2);
});

/** Of the green channel, within the middle. */
function spread({ rgb }: FacePlanes): number {
  let [sum, square, count] = [0, 0, 0];
  for (let y = 64; y < 192; y++) {
    for (let x = 64; x < 192; x++, count++) {
      const value = rgb[(size + y) * size + x]!;
      sum += value;
      square += value * value;
    }
  }
  return Math.sqrt(square / count - (sum / count) ** 2);
}

test('grain of a dark photograph does not grow with the light', () => {
  const photograph = skin(0.04);
  const after = lit(photograph, stops(1));
  expect(lightAt(after, 100, 100)[1]!).toBeGreaterThan(1.5 * toLinear(0.26));
  expect(spread(after) / spread(photograph)).toBeLessThan(1.1);
});

test('light ends where its area does', () => {
  const photograph = skin(0);
  const after = lit(photograph, stops(1), left);
  const gain = (x: number): number => lightAt(after, x, 128)[1]! / lightAt(photograph, x, 128)[1]!;
  expect(gain(80)).toBeCloseTo(2, 1);
  expect(gain(160)).toBe(1);
});

test('what two pictures differ in by light is told in stops, and small shapes do not count', () => {
  const before = skin(0.02);
  const after: FacePlanes = { size, rgb: before.rgb.slice() };
  const half = (value: number): number => 1.055 * (toLinear(value) / 2) ** (1 / 2.4) - 0.055;
  for (let at = 0; at < after.rgb.length; at++) {
    if (at % size < 128) after.rgb[at] = half(before.rgb[at]!);
  }
  const told = lightBetween(before, after).planes[0]!;
  const at = (x: number): number => told[128 * size + x]!;
  expect(at(60)).toBeCloseTo(-0.9, 0);
  expect(Math.abs(at(200))).toBeLessThan(1e-6);
  const cells = Array.from({ length: 40 }, (_, i) => at(40 + i));
  expect(Math.max(...cells) - Math.min(...cells)).toBeLessThan(0.1);
});
