import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { connectClient, startTestServer, stopAll } from '../support/bridgeServer';
import { withFolder } from '../support/models';
import { inDisplayP3, photograph, records } from '../support/photograph';

/* Files that a host sends because it cannot read them itself. */

afterAll(stopAll);

const connect = async () => connectClient(await startTestServer());
const create = { width: 6, height: 4, channels: 3, background: '#c02040' } as const;

test('a picture comes back in its own numbers, upright, with all that it says', () =>
  withFolder(async (folder) => {
    const file = await photograph(folder);
    const { pixels, profile, metadata } = await (
      await connect()
    ).openPicture('a.jpg', await readFile(file));
    const stored = sharp(file, { ignoreIcc: true }).autoOrient().ensureAlpha().raw();
    expect(Buffer.from(pixels.data)).toEqual(await stored.toBuffer());
    expect(Buffer.from(profile)).toEqual((await sharp(file).metadata()).icc);
    expect(metadata).toMatchObject({ pixelsPerInch: 300, copyrighted: true });
    expect(Buffer.from(metadata.iptc!)).toEqual(records);
    expect(Buffer.from(metadata.exif!).toString('latin1')).toContain('(c) Ana');
    expect(Buffer.from(metadata.xmp!).toString()).toContain('<dc:rights>(c) Ana</dc:rights>');
  }));

test('of a picture that names no profile, sRGB comes along', async () => {
  const png = await sharp({ create }).png().toBuffer();
  const { profile, metadata } = await (await connect()).openPicture('a.png', png);
  expect(Buffer.from(profile).toString('latin1', 16, 20)).toBe('RGB ');
  expect(metadata).toMatchObject({ exif: null, iptc: null, xmp: null, copyrighted: false });
});

test('16 bit, TIFF, AVIF and GIF', async () => {
  const client = await connect();
  const deep = await sharp({ create }).toColourspace('rgb16').png().toBuffer();
  expect((await client.openPicture('a.png', deep)).pixels.data).toBeInstanceOf(Uint16Array);
  for (const format of ['tiff', 'avif', 'gif'] as const) {
    const file = await sharp({ create }).toFormat(format, { lossless: true }).toBuffer();
    const { pixels } = await client.openPicture(`a.${format}`, file);
    const [red, green, blue, alpha] = pixels.data;
    [0xc0, 0x20, 0x40].forEach((value, i) =>
      expect(Math.abs([red!, green!, blue!][i]! - value)).toBeLessThanOrEqual(4),
    );
    expect([pixels.width, pixels.height, alpha]).toEqual([6, 4, 255]);
  }
});

test('pixels go into a profile and back, in their own depth', async () => {
  const client = await connect();
  const p3 = await sharp({ create }).withIccProfile('p3').png().toBuffer();
  const { profile } = await client.openPicture('p3.png', p3);
  const pixel = { width: 1, height: 1, data: Uint8Array.of(192, 32, 64, 77) };
  const inside = await client.convertPixels(pixel, profile, 'profile');
  inDisplayP3.forEach((value, i) =>
    expect(Math.abs(inside.data[i]! - value)).toBeLessThanOrEqual(2),
  );
  expect(inside.data[3]).toBe(77);
  const deep = { width: 1, height: 1, data: Uint16Array.of(49344, 8224, 16448, 65535) };
  const there = await client.convertPixels(deep, profile, 'profile');
  const back = await client.convertPixels(there, profile, 'srgb');
  expect(back.data).toBeInstanceOf(Uint16Array);
  back.data.forEach((value, i) => expect(Math.abs(value - deep.data[i]!)).toBeLessThan(200));
});

test('what cannot be read is refused by the name it came under, and others go on', async () => {
  const client = await connect();
  await expect(client.openPicture('letter.png', Buffer.from('Dear'))).rejects.toMatchObject({
    code: 'BAD_INPUT',
    message: expect.stringMatching(/^letter\.png is not a picture/),
  });
  const rgba = { width: 1, height: 1, data: new Uint8Array(4) };
  await expect(client.convertPixels(rgba, new Uint8Array(200), 'srgb')).rejects.toMatchObject({
    code: 'BAD_INPUT',
  });
  const png = await sharp({ create }).png().toBuffer();
  expect((await client.openPicture('a.png', png)).pixels.width).toBe(6);
});

test('HEIC is told as what it is', async () => {
  const heic = await readFile(join(__dirname, '../fixtures/plain.heic'));
  const client = await connect();
  await expect(client.openPicture('IMG_1.HEIC', heic)).rejects.toMatchObject({
    code: 'BAD_INPUT',
    message: expect.stringMatching(/^IMG_1\.HEIC is HEIC.*Save it as JPEG/),
  });
});
