import { alignFace, alignReduced, reduceAround } from '../../../bridge-server/faces';
import { paint, square, waves } from '../../support/faces';

const size = 64;

/** Of 0..1: the greatest difference of any colour, and of the coverage. */
async function apart(raster: ReturnType<typeof paint>, quad: ReturnType<typeof square>) {
  const [reduced, whole] = [
    alignReduced(await reduceAround(raster, quad, size), quad, size),
    alignFace(raster, quad, size),
  ];
  const most = (a: Float32Array, b: Float32Array): number =>
    a.reduce((worst, value, i) => Math.max(worst, Math.abs(value - b[i]!)), 0);
  return { rgb: most(reduced.rgb, whole.rgb), alpha: most(reduced.alpha, whole.alpha) };
}

test.each([8, 16] as const)(
  'a reduced face is the face, turned and moved, %i bit',
  async (depth) => {
    const raster = paint(700, 503, depth, waves);
    // Beside the middle, so that the raster does not begin where the picture does.
    const { rgb, alpha } = await apart(raster, square({ x: 507, y: 290 }, 231, 33));
    expect(rgb).toBeLessThan(0.02);
    // Sixteen bits are reduced in whole numbers whose weights fall short of one.
    expect(alpha).toBeLessThan(0.004);
  },
);

test('what is transparent lies over mid-grey', async () => {
  const raster = paint(400, 400, 8, (x, y) => {
    const [r, g, b] = waves(x, y);
    return [r, g, b, 0.5 + 0.5 * Math.sin(x / 40)];
  });
  const { rgb, alpha } = await apart(raster, square({ x: 200, y: 190 }, 260, -20));
  expect(rgb).toBeLessThan(0.02);
  expect(alpha).toBeLessThan(0.02);
});

test('a face that is smaller than the networks look at is read as it is', async () => {
  const raster = paint(200, 150, 8, waves);
  const quad = square({ x: 100, y: 75 }, 70);
  expect((await reduceAround(raster, quad, size)).raster).toBe(raster);
  expect(await apart(raster, quad)).toEqual({ rgb: 0, alpha: 0 });
});

test('a face that hangs out of its picture is mirrored there', async () => {
  const raster = paint(400, 300, 8, waves);
  const quad = square({ x: 50, y: 60 }, 260, 12);
  const { rgb } = alignReduced(await reduceAround(raster, quad, size), quad, size);
  const whole = alignFace(raster, quad, size).rgb;
  const mean = rgb.reduce((sum, value, i) => sum + Math.abs(value - whole[i]!), 0) / rgb.length;
  // A pixel of the reduced picture is the axis, not one of the picture's own.
  expect(mean).toBeLessThan(0.02);
});
