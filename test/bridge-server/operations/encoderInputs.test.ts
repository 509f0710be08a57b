import { join } from 'node:path';
import { alignFace } from '../../../bridge-server/faces';
import { squareQuad } from '../../../bridge-server/processor/wholeLayer';
import { readImage } from '../../../bridge-server/image/readImage';
import { operations } from '../../../bridge-server/operations/registry';
import { partPalette } from '../../../bridge-server/faces';
import { shrinkBicubic } from '../../../bridge-server/operations/super-resolve/shrinkBicubic';

const size = 4;
const flat = (r: number, g: number, b: number): Float32Array =>
  Float32Array.from({ length: 3 * size * size }, (_, i) => [r, g, b][Math.floor(i / size ** 2)]!);

test('RGB encoders see −1..1, the sketch encoder plain luma in 0..1', () => {
  const source = { size, rgb: flat(1, 0.5, 0), hole: null };
  expect(operations.find('reconstruct').encoderInput(source, {})[0]).toBe(1);
  expect(operations.find('reconstruct').encoderInput(source, {})[size * size]).toBe(0);
  const drawing = flat(1, 1, 1);
  drawing[size * size] = 0.5;
  drawing[2 * size * size] = 0;
  const sketch = operations.find('sketch-to-face').encoderInput({ ...source, rgb: drawing }, {});
  expect(sketch).toHaveLength(size * size);
  expect(sketch[0]).toBeCloseTo(0.299 + 0.587 / 2, 6);
});

test('a photograph is no sketch, and that is said; lines on light paper are one', async () => {
  const { encoderInput } = operations.find('sketch-to-face');
  const whole = squareQuad(512);
  const photograph = await readImage(join(__dirname, '..', '..', 'fixtures', 'astronaut.png'));
  const { rgb } = alignFace(photograph, whole, 256);
  const sketched = (source: Float32Array, side: number) =>
    encoderInput({ size: side, rgb: source, hole: null }, {});
  expect(() => sketched(rgb, 256)).toThrow('This layer is no line drawing');
  const green = rgb.subarray(256 ** 2, 2 * 256 ** 2);
  const desaturated = Float32Array.from(rgb, (_, i) => green[i % 256 ** 2]!);
  expect(() => sketched(desaturated, 256)).toThrow('Draw dark lines on white');
  const lines = Float32Array.from({ length: 3 * 64 * 64 }, (_, i) => (i % 64 < 24 ? 0.1 : 0.92));
  expect(sketched(lines, 64)).toHaveLength(64 * 64);
});

test('label colours become one-hot planes; a shaded picture is refused in words', () => {
  const hair = partPalette.findIndex(({ name }) => name === 'hair');
  const [r, g, b] = partPalette[hair]!.rgb;
  const rgb = flat(r / 255, g / 255, b / 255);
  const planes = operations.find('labels-to-face').encoderInput({ size, rgb, hole: null }, {});
  expect(planes).toHaveLength(19 * size * size);
  expect(planes[hair * size * size]).toBe(1);
  expect(planes.reduce((sum, value) => sum + value, 0)).toBe(size * size);
  const grey = { size, rgb: flat(0.55, 0.5, 0.5), hole: null };
  expect(() => operations.find('labels-to-face').encoderInput(grey, {})).toThrow(
    '100 % of this layer is in none of the 19 label colours',
  );
});

test('a label map may hold the numbers themselves, as greys', () => {
  const hair = partPalette.findIndex(({ name }) => name === 'hair');
  const rgb = flat(hair / 255, hair / 255, hair / 255);
  const planes = operations.find('labels-to-face').encoderInput({ size, rgb, hole: null }, {});
  expect(planes.subarray(hair * size * size, (hair + 1) * size * size)).toEqual(
    new Float32Array(size * size).fill(1),
  );
});

test('an encoder of photographs is given a label map in the colours of a face', () => {
  const { photographInput } = operations.find('labels-to-face');
  const side = 256;
  const rgb = new Float32Array(3 * side * side);
  const [hair, skin] = (['hair', 'skin'] as const).map(
    (part) => partPalette.find(({ name }) => name === part)!.rgb,
  );
  for (let i = 0; i < side * side; i++) {
    const colour = i < (side * side) / 2 ? hair! : skin!;
    for (let c = 0; c < 3; c++) rgb[c * side * side + i] = colour[c]! / 255;
  }
  const picture = photographInput!({ size: side, rgb, hole: null });
  const at = (row: number): number[] =>
    [0, 1, 2].map((c) => picture[c * side * side + row * side + 128]!);
  const [top, bottom] = [at(8), at(248)];
  expect(top[0]).toBeLessThan(-0.4);
  expect(bottom[0]).toBeGreaterThan(bottom[2]!);
  expect(bottom[2]).toBeGreaterThan(0);
  // No photograph has edges as hard as a map's.
  expect(at(128)[0]).toBeLessThan(bottom[0]!);
  expect(at(128)[0]).toBeGreaterThan(top[0]!);
});

test('the hole of an inpainting input is mid-grey, and the rest the picture', () => {
  const hole = new Float32Array(size * size);
  hole[5] = 0.25;
  const input = operations.find('inpaint').encoderInput({ size, rgb: flat(1, 1, 1), hole }, {});
  expect([input[4], input[5], input[size * size + 5]]).toEqual([1, 0, 0]);
});

test.each([
  [null, 'Inpaint needs to know what to fill'],
  [new Float32Array(size * size), 'does not touch this face'],
  [new Float32Array(size * size).fill(1), 'covers 100 % of the face'],
])('a hole that cannot be filled is refused: %p', (hole, message) => {
  const source = { size, rgb: flat(0, 0, 0), hole };
  expect(() => operations.find('inpaint').encoderInput(source, {})).toThrow(message);
});

describe('shrinking for super-resolution', () => {
  const ramp = Float32Array.from({ length: 64 * 64 }, (_, i) => (i % 64) / 63);

  test('factor 1 is the identity', () => {
    expect(shrinkBicubic(ramp, 64, 1)).toBe(ramp);
  });

  test('a ramp stays a ramp away from the border, detail is lost', () => {
    const shrunk = shrinkBicubic(ramp, 64, 4);
    for (let x = 16; x < 48; x += 1) expect(shrunk[32 * 64 + x]).toBeCloseTo(ramp[x]!, 4);
    const stripes = Float32Array.from({ length: 64 * 64 }, (_, i) => i % 2);
    const grey = shrinkBicubic(stripes, 64, 4);
    expect(grey[32 * 64 + 32]).toBeCloseTo(0.5, 2);
  });

  test('x and y are treated alike', () => {
    const turned = Float32Array.from({ length: 64 * 64 }, (_, i) => Math.floor(i / 64) / 63);
    const a = shrinkBicubic(ramp, 64, 8);
    const b = shrinkBicubic(turned, 64, 8);
    expect(b[10 * 64 + 20]).toBeCloseTo(a[20 * 64 + 10]!, 6);
  });
});
