import sharp from 'sharp';
import { pngDataUrl } from '../../../../plugin/hosts/photoshop/pngDataUrl';

const decode = (url: string) =>
  sharp(Buffer.from(url.replace('data:image/png;base64,', ''), 'base64'))
    .raw()
    .toBuffer();

test.each([
  [1, 1],
  [3, 2],
  // Longer than one stored block.
  [256, 200],
])('a picture of %d x %d is a PNG that others read', async (width, height) => {
  const data = Uint8Array.from({ length: width * height * 4 }, (_, i) => (i * 31) % 256);
  const url = pngDataUrl({ width, height, data });
  expect((await decode(url)).equals(data)).toBe(true);
});

test('16 bits are shown in 8', async () => {
  const data = Uint16Array.of(65535, 32768, 257, 65535);
  expect([...(await decode(pngDataUrl({ width: 1, height: 1, data })))]).toEqual([
    255, 128, 1, 255,
  ]);
});
