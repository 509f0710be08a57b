import sharp from 'sharp';
import { documentColor } from '../../../bridge-server/documents/documentColor';
import { srgbProfile } from '../../../bridge-server/image/srgbProfile';

/** Display P3 as libvips brings it. */
async function p3Profile(): Promise<Uint8Array> {
  const pixel = { width: 1, height: 1, channels: 3, background: '#000' } as const;
  const png = await sharp({ create: pixel }).withIccProfile('p3').png().toBuffer();
  return (await sharp(png).metadata()).icc!;
}

const size = { width: 1, height: 1 };

test.each([8, 16] as const)('%i bit in Display P3 becomes sRGB and goes back', async (depth) => {
  const color = await documentColor(depth, 'rgb', await p3Profile());
  const unit = depth === 8 ? 1 : 257;
  const own = [173 * unit, 62 * unit, 89 * unit, 128 * unit];
  const pixels = depth === 8 ? Uint8Array.from(own) : Uint16Array.from(own);
  const raster = await color.toRaster({ ...size, pixels });
  // CSS Color 4: color(display-p3 0.678 0.243 0.349) is rgb(188 51 88).
  const expected = [188, 51, 88, 128];
  expected.forEach((value, i) => expect(raster.data[i]! / unit).toBeCloseTo(value, -0.5));
  const back = await color.toDocument(raster);
  own.forEach((value, i) => expect(Math.abs(back[i]! - value) / unit).toBeLessThanOrEqual(1.5));
});

test('sRGB, tagged or not, stays as it is, bit for bit', async () => {
  const pixels = Uint16Array.of(1, 12345, 65535, 400);
  for (const profile of [null, await srgbProfile()]) {
    const color = await documentColor(16, 'rgb', profile);
    const raster = await color.toRaster({ ...size, pixels });
    expect(raster.data).toEqual(pixels);
    expect(await color.toDocument(raster)).toEqual(pixels);
  }
});

test('32 bit is linear: 128 of 255 in sRGB is 0.2159, and brighter than white is clipped', async () => {
  const color = await documentColor(32, 'rgb', null);
  const raster = await color.toRaster({ ...size, pixels: Float32Array.of(0.215861, 1.7, 0, 0.5) });
  expect([...raster.data].map((value) => Math.round(value / 257))).toEqual([128, 255, 0, 128]);
  const [red, green, blue, alpha] = await color.toDocument(raster);
  expect(red).toBeCloseTo(0.215861, 4);
  expect([green, blue]).toEqual([1, 0]);
  expect(alpha).toBeCloseTo(0.5, 4);
});

test('greyscale gets the luma of what the networks made', async () => {
  const color = await documentColor(8, 'greyscale', null);
  const samples = await color.toDocument({ ...size, data: Uint8Array.of(255, 0, 0, 200) });
  expect([...samples]).toEqual([54, 54, 54, 200]);
});
