import sharp from 'sharp';
import { saysSrgb } from '../../protocol/srgb';

async function profileOf(name: 'srgb' | 'p3'): Promise<Uint8Array> {
  const pixel = { width: 1, height: 1, channels: 3, background: '#000' } as const;
  const png = await sharp({ create: pixel }).withIccProfile(name).png().toBuffer();
  return (await sharp(png).metadata()).icc!;
}

/** A profile with one tag. */
function profileWith(tag: string, content: string): Uint8Array {
  const head = Buffer.alloc(144);
  head.writeUInt32BE(1, 128);
  head.write(tag, 132);
  head.writeUInt32BE(144, 136);
  head.writeUInt32BE(content.length, 140);
  return Buffer.concat([head, Buffer.from(content, 'latin1')]);
}

test('profiles that are called sRGB are, whoever wrote them', async () => {
  expect(saysSrgb(await profileOf('srgb'))).toBe(true);
  expect(saysSrgb(await profileOf('p3'))).toBe(false);
  const hp = 'desc\0\0\0\0\0\0\0\x12sRGB IEC61966-2.1\0';
  expect(saysSrgb(profileWith('desc', hp))).toBe(true);
  expect(saysSrgb(profileWith('desc', 'desc\0\0\0\0\0\0\0\x14linear sRGB built-in\0'))).toBe(false);
  expect(saysSrgb(profileWith('desc', 'desc\0\0\0\0\0\0\0\x0bsRGB-Muster\0'))).toBe(false);
});

test('what another tag says is not the name, and a broken table says nothing', () => {
  expect(saysSrgb(profileWith('cprt', 'made from sRGB IEC61966-2.1'))).toBe(false);
  expect(saysSrgb(new Uint8Array(10))).toBe(false);
  expect(saysSrgb(new Uint8Array(200).fill(255))).toBe(false);
});
