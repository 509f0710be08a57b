import { join } from 'node:path';
import sharp from 'sharp';
import { compositeLayer } from '../../../bridge-server/image/compositeLayer';
import { cropMask, cropRaster } from '../../../bridge-server/image/cropRaster';
import { readImage } from '../../../bridge-server/image/readImage';
import { resizeRaster } from '../../../bridge-server/image/resizeRaster';
import { encodePng } from '../../../bridge-server/image/writePng';
import type { Raster } from '../../../protocol/raster';
import { withFolder } from '../../support/models';

const flat = (width: number, height: number, ...rgba: number[]): Raster => ({
  width,
  height,
  data: Uint8Array.from({ length: width * height * 4 }, (_, i) => rgba[i % 4]!),
});

describe('reading', () => {
  test('16-bit values arrive as they are in the file', () =>
    withFolder(async (folder) => {
      const data = Uint16Array.from({ length: 4 * 4 * 3 }, (_, i) => i * 1365);
      const file = join(folder, 'deep.png');
      const raw = { width: 4, height: 4, channels: 3 } as const;
      await sharp(data, { raw }).toColourspace('rgb16').png().toFile(file);
      const raster = await readImage(file);
      expect(raster.data).toBeInstanceOf(Uint16Array);
      expect([...raster.data.subarray(0, 8)]).toEqual([
        0, 1365, 2730, 65535, 4095, 5460, 6825, 65535,
      ]);
    }));

  test('a profile is converted to sRGB: the same colour, other numbers', () =>
    withFolder(async (folder) => {
      const file = join(folder, 'p3.png');
      const create = { width: 2, height: 2, channels: 3, background: '#c02040' } as const;
      await sharp({ create }).withIccProfile('p3').png().toFile(file);
      const stored = await sharp(file).keepIccProfile().raw().toBuffer();
      expect(stored[0]).not.toBe(0xc0);
      const { data } = await readImage(file);
      expect(Math.abs(data[0]! - 0xc0)).toBeLessThanOrEqual(2);
      expect(Math.abs(data[1]! - 0x20)).toBeLessThanOrEqual(3);
    }));

  test('a photograph held sideways is set upright', () =>
    withFolder(async (folder) => {
      const file = join(folder, 'turned.jpg');
      const create = { width: 8, height: 4, channels: 3, background: '#808080' } as const;
      await sharp({ create }).withMetadata({ orientation: 6 }).jpeg().toFile(file);
      expect(await readImage(file)).toMatchObject({ width: 4, height: 8 });
    }));

  test('greyscale becomes RGB, and transparency is kept', () =>
    withFolder(async (folder) => {
      const file = join(folder, 'grey.png');
      const raw = { width: 1, height: 1, channels: 2 } as const;
      await sharp(Buffer.of(90, 128), { raw }).toColourspace('b-w').png().toFile(file);
      expect([...(await readImage(file)).data]).toEqual([90, 90, 90, 128]);
    }));
});

describe('resizing', () => {
  test('hidden colours do not bleed out of transparent pixels', async () => {
    const raster = flat(8, 8, 255, 0, 0, 255);
    for (let i = 4; i < raster.data.length; i += 8) raster.data.set([0, 255, 0, 0], i);
    const { data } = await resizeRaster(raster, 4, 4);
    for (let i = 0; i < data.length; i += 4) {
      expect(data[i]).toBeGreaterThan(250);
      expect(data[i + 1]).toBeLessThan(5);
    }
  });

  test('16 bit stays 16 bit, values and all', async () => {
    const data = new Uint16Array(4 * 4 * 4).map((_, i) => (i % 4 === 3 ? 65535 : 12345));
    const large = await resizeRaster({ width: 4, height: 4, data }, 8, 8);
    expect(large.data).toHaveLength(8 * 8 * 4);
    expect([...large.data.subarray(0, 4)]).toEqual([12345, 12345, 12345, 65535]);
  });
});

describe('compositing', () => {
  const mask = (value: number): { width: number; height: number; data: Uint8Array } => ({
    width: 2,
    height: 2,
    data: new Uint8Array(4).fill(value),
  });
  const bounds = { left: 1, top: 1, right: 3, bottom: 3 };

  test('the mask weighs, and pixels outside of it stay as they were', () => {
    const target = flat(3, 3, 100, 100, 100, 255);
    compositeLayer(target, flat(2, 2, 200, 0, 100, 255), mask(51), bounds);
    expect([...target.data.subarray(0, 4)]).toEqual([100, 100, 100, 255]);
    expect([...target.data.subarray(4 * 4, 5 * 4)]).toEqual([120, 80, 100, 255]);
  });

  test('over transparency the layer’s own colour shows, and what reaches outside is left out', () => {
    const target = flat(2, 2, 0, 255, 0, 0);
    compositeLayer(target, flat(2, 2, 200, 10, 20, 255), mask(128), bounds);
    expect([...target.data.subarray(12)]).toEqual([200, 10, 20, 128]);
  });
});

test('crops are rows of the picture', () => {
  const data = Uint8Array.from({ length: 3 * 3 * 4 }, (_, i) => i);
  const bounds = { left: 1, top: 1, right: 3, bottom: 2 };
  const crop = cropRaster({ width: 3, height: 3, data }, bounds);
  expect(crop).toEqual({ width: 2, height: 1, data: data.slice(16, 24) });
  const mask = cropMask({ width: 3, height: 3, data: data.slice(0, 9) }, bounds);
  expect([...mask.data]).toEqual([4, 5]);
});

test('PNGs keep depth, and alpha where there is any', async () => {
  const deep: Raster = { width: 1, height: 1, data: Uint16Array.of(1, 2, 3, 65535) };
  expect(await sharp(await encodePng(deep)).metadata()).toMatchObject({
    depth: 'ushort',
    channels: 3,
  });
  const clear = await encodePng(flat(1, 1, 1, 2, 3, 4));
  expect(await sharp(clear).metadata()).toMatchObject({ depth: 'uchar', channels: 4 });
});
