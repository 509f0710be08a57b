import { skinLightness, thirds } from '../../scripts/measure/likeness/groups';
import { planes } from '../support/faceLike';

test('values are grouped by thirds of what else was measured, each photograph once', () => {
  const found = thirds([30, 10, 20, 60, 50, 40], [3, 1, 2, 6, 5, 4]);
  expect(found).toEqual([
    { from: 10, to: 20, count: 2, mean: 1.5 },
    { from: 30, to: 40, count: 2, mean: 3.5 },
    { from: 50, to: 60, count: 2, mean: 5.5 },
  ]);
});

test('skin is as light as CIELAB has it, whatever surrounds the face', () => {
  // 50 % grey of sRGB is L* 53.4.
  const face = planes(64, (x, y) => {
    const value = Math.hypot(x - 0.5, y - 0.55) < 0.3 ? 128 / 255 : 0;
    return [value, value, value];
  });
  expect(skinLightness(face)).toBeCloseTo(53.6, 0);
});
