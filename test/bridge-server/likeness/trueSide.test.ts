import { join } from 'node:path';
import { trueSide } from '../../../bridge-server/likeness';
import { cropRaster } from '../../../bridge-server/image/cropRaster';
import { readImage } from '../../../bridge-server/image/readImage';
import { resizeRaster } from '../../../bridge-server/image/resizeRaster';
import type { Raster } from '../../../protocol/raster';

const size = 256;

function planesOf({ data }: Raster): { size: number; rgb: Float32Array } {
  const rgb = new Float32Array(3 * size * size);
  for (let i = 0; i < size * size; i += 1) {
    for (let c = 0; c < 3; c += 1) rgb[c * size * size + i] = data[4 * i + c]! / 255;
  }
  return { size, rgb };
}

describe('trueSide', () => {
  let photograph: Raster;
  beforeAll(async () => {
    const whole = await readImage(join(__dirname, '../../fixtures/astronaut.png'));
    photograph = cropRaster(whole, { left: 96, top: 0, right: 352, bottom: 256 });
  });

  it.each([32, 64, 128])('tells an enlarged picture of %d² from a sharp one', async (side) => {
    const small = await resizeRaster(photograph, side, side);
    const found = trueSide(planesOf(await resizeRaster(small, size, size)));
    expect(found).toBeGreaterThanOrEqual(0.8 * side);
    expect(found).toBeLessThan(1.6 * side);
    expect(trueSide(planesOf(photograph))).toBeGreaterThan(1.2 * found);
  });

  it('is the whole side for noise and the least for nothing', () => {
    const noise = Float32Array.from(
      { length: 3 * size * size },
      (_, i) => ((i * 7919) % 997) / 997,
    );
    expect(trueSide({ size, rgb: noise })).toBe(size);
    expect(trueSide({ size, rgb: new Float32Array(3 * size * size) })).toBeLessThan(32);
  });
});
