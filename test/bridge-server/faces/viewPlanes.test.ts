import { squareQuad } from '../../../bridge-server/faces/frame';
import { viewPlanes } from '../../../bridge-server/faces/viewPlanes';
import type { Raster } from '../../../protocol/raster';

const size = 16;
const opaque: Raster = {
  width: 40,
  height: 30,
  data: Uint8Array.from({ length: 40 * 30 * 4 }, (_, i) => (i % 4 === 3 ? 255 : (i * 7919) % 251)),
};

/** What is seen of a picture from (left, top) on, pixel by pixel. */
function seen(raster: Raster, left: number, top: number): Float32Array {
  const rgb = new Float32Array(3 * size * size);
  const half = { x: size / 2, y: 0 };
  viewPlanes(raster, squareQuad({ x: left + size / 2, y: top + size / 2 }, half), size, rgb, 0);
  return rgb;
}

/** The same by its definition: over mid-grey, and mid-grey around. */
function wanted({ width, height, data }: Raster, left: number, top: number): Float32Array {
  return Float32Array.from({ length: 3 * size * size }, (_, i) => {
    const x = left + (i % size);
    const y = top + (Math.floor(i / size) % size);
    if (x < 0 || y < 0 || x >= width || y >= height) return 0.5;
    const at = (y * width + x) * 4;
    const alpha = data[at + 3]! / 255;
    return (data[at + Math.floor(i / size ** 2)]! / 255) * alpha + (1 - alpha) / 2;
  });
}

const apart = (a: Float32Array, b: Float32Array): number =>
  a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);

test.each([
  ['within the picture', opaque, 4, 2],
  ['at its end', opaque, 24, 14],
  ['beyond it', opaque, -5, 20],
  [
    'over what is not opaque',
    { ...opaque, data: opaque.data.map((value, i) => (i % 28 === 3 ? value >> 1 : value)) },
    4,
    2,
  ],
] as const)('a view on whole pixels is those pixels: %s', (_, raster, left, top) => {
  expect(apart(seen(raster, left, top), wanted(raster, left, top))).toBeLessThan(1e-6);
  // Between pixels by next to nothing, it is nearly the same.
  expect(apart(seen(raster, left + 1e-6, top), wanted(raster, left, top))).toBeLessThan(1e-4);
});
