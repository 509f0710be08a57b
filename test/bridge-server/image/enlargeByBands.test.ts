import { enlargeByBands } from '../../../bridge-server/image/enlargeByBands';
import { resizeRaster } from '../../../bridge-server/image/resizeRaster';
import type { Raster } from '../../../protocol/raster';

/** Noise, transparency and all: what a filter sees of its surroundings shows everywhere. */
function noise(width: number, height: number, depth: 8 | 16): Raster {
  const length = width * height * 4;
  const data = depth === 8 ? new Uint8Array(length) : new Uint16Array(length);
  let state = 1;
  for (let i = 0; i < length; i++) data[i] = state = (state * 48271) % 0x7fffffff;
  return { width, height, data };
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Raster['data']): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength);

test.each([
  [2, 8],
  [4, 8],
  [8, 8],
  [2, 16],
] as const)(
  'enlarged %i times with %i bit, bands join into the whole picture',
  async (factor, depth) => {
    const raster = noise(23, 61, depth);
    const whole = await resizeRaster(raster, 23 * factor, 61 * factor);
    for (const rows of [1, 7, 60, 64]) {
      const bands: Buffer[] = [];
      for await (const band of enlargeByBands(raster, factor, rows)) bands.push(bytesOf(band));
      expect(Buffer.concat(bands).equals(bytesOf(whole.data))).toBe(true);
    }
  },
);

test('not enlarged, a picture is one band, as it is', async () => {
  const raster = noise(5, 4, 8);
  const bands = [];
  for await (const band of enlargeByBands(raster, 1)) bands.push(band);
  expect(bands).toEqual([raster.data]);
});
