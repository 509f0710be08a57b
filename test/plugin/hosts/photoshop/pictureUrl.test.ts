import sharp from 'sharp';
import { pictureUrls } from '../../../../plugin/hosts/photoshop/pictureUrl';
import { FakePhotoshop } from '../../../support/photoshop/photoshop';

const decode = async (url: string) => {
  const [, type, base64] = /^data:(image\/\w+);base64,(.*)$/.exec(url)!;
  const { data, info } = await sharp(Buffer.from(base64!, 'base64'))
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { type, channels: info.channels, data: [...data] };
};

/** 8 × 8 of one colour: JPEG keeps it to a step or two. */
const plain = (colour: readonly number[], Samples: typeof Uint8Array | typeof Uint16Array) => {
  const samples = Array.from({ length: 256 }, (_, i) => colour[i % 4]!);
  return { width: 8, height: 8, data: new Samples(samples) };
};

test.each([
  ['opaque', plain([200, 100, 50, 255], Uint8Array), [200, 100, 50]],
  ['half transparent, on white', plain([200, 100, 0, 128], Uint8Array), [227, 177, 127]],
  ['of 16 bits', plain([51400, 25700, 12850, 65535], Uint16Array), [200, 100, 50]],
])('a picture, %s, is the JPEG that UXP documents', async (_, pixels, expected) => {
  const photoshop = new FakePhotoshop();
  const { type, channels, data } = await decode(await pictureUrls(photoshop.api.imaging)(pixels));
  expect([type, channels]).toEqual(['image/jpeg', 3]);
  expected.forEach((value, c) => expect(Math.abs(data[c]! - value)).toBeLessThan(4));
  expect(photoshop.problems()).toEqual([]);
});

test('where Photoshop encodes none, pictures are PNG from then on', async () => {
  const photoshop = new FakePhotoshop();
  let asked = 0;
  const urlOf = pictureUrls({
    ...photoshop.api.imaging,
    encodeImageData: () => {
      asked++;
      return Promise.reject(new Error('only inside executeAsModal'));
    },
  });
  const pixels = plain([200, 100, 50, 128], Uint8Array);
  for (let i = 0; i < 2; i++) {
    const { type, data } = await decode(await urlOf(pixels));
    expect(type).toBe('image/png');
    expect(data.slice(0, 4)).toEqual([200, 100, 50, 128]);
  }
  expect(asked).toBe(1);
  expect(photoshop.problems()).toEqual([]);
});
