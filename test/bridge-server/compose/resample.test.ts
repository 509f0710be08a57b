import { membrane } from '../../../bridge-server/compose/membrane';
import { colourMatch, renderFace } from '../../../bridge-server/compose';
import { addedBy, shownThrough } from '../../../bridge-server/compose/composedFace';
import { planes } from '../../support/faceLike';
import { paint, square, waves } from '../../support/faces';

const everywhere = { side: 2, planes: [new Float32Array(4).fill(1)] };
const bumps = (u: number, v: number): readonly [number, number, number] => [
  0.5 + 0.4 * Math.sin(40 * u + 9 * v),
  0.5 + 0.4 * Math.cos(35 * v),
  0.5 + 0.3 * Math.sin(25 * (u - v)),
];

/** Keys' cubic in double precision, nothing left out: what placing is measured against. */
function keysAt(rgb: Float32Array, size: number, c: number, u: number, v: number): number {
  const weight = (t: number): number => {
    const a = Math.abs(t);
    if (a < 1) return (1.5 * a - 2.5) * a * a + 1;
    return a < 2 ? ((-0.5 * a + 2.5) * a - 4) * a + 2 : 0;
  };
  const [x, y] = [u * size - 0.5, v * size - 0.5];
  const inside = (i: number): number => Math.max(0, Math.min(size - 1, i));
  let sum = 0;
  for (let j = Math.floor(y) - 1; j <= Math.floor(y) + 2; j++) {
    for (let i = Math.floor(x) - 1; i <= Math.floor(x) + 2; i++) {
      sum += weight(x - i) * weight(y - j) * rgb[(c * size + inside(j)) * size + inside(i)]!;
    }
  }
  return Math.max(0, Math.min(1, sum));
}

test.each([
  ['enlarged', 64, 300, 21],
  ['enlarged strongly, in two steps', 32, 700, -8],
] as const)('placing is Keys’ cubic within one level: %s', (_, size, side, turn) => {
  const image = planes(size, (u, v) => bumps(u, v));
  const region = paint(720, 720, 8, waves);
  const quad = square({ x: 360, y: 360 }, side, turn);
  const composed = shownThrough(image, everywhere);
  const { bounds, pixels, mask } = renderFace(region, quad, composed, 'source');
  const [a, b, , d] = quad;
  const [ux, uy, vx, vy] = [b.x - a.x, b.y - a.y, d.x - a.x, d.y - a.y];
  const length = ux * ux + uy * uy;
  let worst = 0;
  for (let y = 0; y < mask.height; y += 3) {
    for (let x = 0; x < mask.width; x += 3) {
      const at = y * mask.width + x;
      if (mask.data[at] === 0) continue;
      const [px, py] = [x + bounds.left + 0.5 - a.x, y + bounds.top + 0.5 - a.y];
      const [u, v] = [(px * ux + py * uy) / length, (px * vx + py * vy) / length];
      for (let c = 0; c < 3; c++) {
        const exact = keysAt(image.rgb, size, c, u, v) * 255;
        worst = Math.max(worst, Math.abs(pixels.data[at * 4 + c]! - exact));
      }
    }
  }
  expect(worst).toBeLessThan(1.5);
});

test('a large picture shrunk into a small face is what an exact area filter makes of it', () => {
  const size = 512;
  const image = planes(size, (u, v) => bumps(u, v));
  const region = paint(80, 80, 8, waves);
  const quad = square({ x: 40, y: 40 }, 64);
  const composed = shownThrough(image, everywhere);
  const { pixels, bounds } = renderFace(region, quad, composed, 'source');
  let square2 = 0;
  for (let y = 2; y < 62; y++) {
    for (let x = 2; x < 62; x++) {
      for (let c = 0; c < 3; c++) {
        let mean = 0;
        for (let j = 0; j < 8; j++) {
          for (let i = 0; i < 8; i++) {
            mean += image.rgb[(c * size + y * 8 + j) * size + x * 8 + i]! / 64;
          }
        }
        const at = ((y + 8 - bounds.top) * pixels.width + x + 8 - bounds.left) * 4 + c;
        square2 += (pixels.data[at]! - mean * 255) ** 2 / (60 * 60 * 3);
      }
    }
  }
  expect(Math.sqrt(square2)).toBeLessThan(1.5);
});

test('a membrane through a rim is the harmonic surface', () => {
  const side = 64;
  const slope = (x: number, y: number): number => 0.3 * (x / side) - 0.2 * (y / side) + 0.1;
  const values = new Float32Array(side * side);
  const weight = new Float32Array(side * side);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      if (x > 8 && x < 55 && y > 8 && y < 55) continue;
      values[y * side + x] = slope(x, y);
      weight[y * side + x] = 1;
    }
  }
  const [surface] = membrane([values], weight, side);
  for (let y = 0; y < side; y += 5) {
    for (let x = 0; x < side; x += 5) {
      expect(Math.abs(surface![y * side + x]! - slope(x, y))).toBeLessThan(0.006);
    }
  }
});

test('colours follow in mean, light in spread, by the amount asked for', () => {
  const photograph = planes(64, (u, v) => [0.25 + 0.4 * u, 0.2 + 0.35 * v, 0.2 + 0.3 * u]);
  const generated = planes(64, (u, v) => [0.5 + 0.4 * u, 0.5 + 0.3 * v, 0.6 + 0.2 * u]);
  const matched = (amount: number): Float32Array => {
    const curves = colourMatch(photograph, generated, everywhere, everywhere, amount);
    return addedBy({ ...shownThrough(generated, everywhere), curves }, 64);
  };
  const mean = (rgb: Float32Array): number => rgb.reduce((a, b) => a + b, 0) / rgb.length;
  const spread = (rgb: Float32Array): number => {
    const [r, g, b] = [0, 1, 2].map((c) => rgb.subarray(c * 4096, (c + 1) * 4096));
    const light = r!.map((red, i) => 0.2126 * red + 0.7152 * g![i]! + 0.0722 * b![i]!);
    return Math.sqrt(light.reduce((sum, value) => sum + (value - mean(light)) ** 2, 0) / 4096);
  };
  const full = matched(1);
  expect(Math.abs(mean(full) - mean(photograph.rgb))).toBeLessThan(0.01);
  expect(Math.abs(spread(full) - spread(photograph.rgb))).toBeLessThan(0.01);
  const half = matched(0.5);
  expect(mean(half)).toBeCloseTo((mean(full) + mean(generated.rgb)) / 2, 3);
  expect(matched(0)).toEqual(generated.rgb);
});
