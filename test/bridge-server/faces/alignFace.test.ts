import { alignFace } from '../../../bridge-server/faces';
import { paint, square, waves } from '../../support/faces';

const at = (plane: Float32Array, size: number, x: number, y: number): number =>
  plane[y * size + x]!;

test('an untouched square comes through exactly', () => {
  const raster = paint(40, 30, 8, waves);
  const { rgb, alpha } = alignFace(raster, square({ x: 20, y: 15 }, 20), 20);
  let worst = 0;
  for (let y = 0; y < 20; y++) {
    for (let x = 0; x < 20; x++) {
      const from = ((y + 5) * 40 + x + 10) * 4;
      worst = Math.max(worst, Math.abs(at(rgb, 20, x, y) - raster.data[from]! / 255));
    }
  }
  expect(worst).toBeLessThan(1e-5);
  expect(Math.min(...alpha)).toBeCloseTo(1, 5);
});

test.each([8, 16] as const)('samples where the quad says, turned and scaled, %i bit', (depth) => {
  const raster = paint(400, 300, depth, waves);
  const size = 64;
  const quad = square({ x: 190, y: 140 }, 100, 33);
  const { rgb } = alignFace(raster, quad, size);
  const [cos, sin] = [Math.cos((33 * Math.PI) / 180), Math.sin((33 * Math.PI) / 180)];
  for (const [x, y] of [
    [0, 0],
    [63, 0],
    [31, 40],
    [5, 60],
  ] as const) {
    const u = ((x + 0.5) / size - 0.5) * 100;
    const v = ((y + 0.5) / size - 0.5) * 100;
    const wanted = waves(190 + u * cos - v * sin, 140 + u * sin + v * cos);
    for (let c = 0; c < 3; c++) {
      expect(at(rgb.subarray(c * size * size), size, x, y)).toBeCloseTo(wanted[c]!, 1.7);
    }
  }
});

test('averages fine stripes away instead of aliasing them', () => {
  const raster = paint(600, 600, 8, (x) => [x % 2 < 1 ? 1 : 0, 0, 0, 1]);
  const { rgb } = alignFace(raster, square({ x: 300, y: 300 }, 500, 10), 61);
  const contrast = rgb.subarray(0, 61 * 61).map((value) => Math.abs(value - 0.5));
  expect(Math.max(...contrast)).toBeLessThan(0.03);
});

test('mirrors the picture beyond its borders', () => {
  const raster = paint(40, 40, 8, waves);
  const { rgb } = alignFace(raster, square({ x: 20, y: 20 }, 60), 60);
  for (let x = 0; x < 9; x++) {
    // Pixel i beyond the border shows pixel i within it, the border itself once.
    expect(at(rgb, 60, 9 - x, 30)).toBeCloseTo(at(rgb, 60, 11 + x, 30), 4);
  }
});

test('survives quads that lie outside, on rasters of one pixel', () => {
  const dot = paint(1, 1, 8, () => [0.2, 0.4, 0.6, 1]);
  const { rgb } = alignFace(dot, square({ x: -90, y: 70 }, 50, 45), 8);
  expect(rgb[0]).toBeCloseTo(0.2, 2);
});

test('lays transparency over mid-grey and keeps it beside', () => {
  const raster = paint(40, 40, 8, (x) => [1, 0, 0, x < 20 ? 1 : 0]);
  const { rgb, alpha } = alignFace(raster, square({ x: 20, y: 20 }, 40), 40);
  const row = 20 * 40;
  expect([rgb[row + 5], rgb[1600 + row + 5], alpha[row + 5]]).toEqual([
    expect.closeTo(1, 3),
    expect.closeTo(0, 3),
    expect.closeTo(1, 3),
  ]);
  expect([rgb[row + 35], rgb[1600 + row + 35], alpha[row + 35]]).toEqual([
    expect.closeTo(0.5, 3),
    expect.closeTo(0.5, 3),
    expect.closeTo(0, 3),
  ]);
});
