import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readImage } from '../../../bridge-server/image/readImage';
import { readPhotograph } from '../../../bridge-server/image/readPhotograph';
import { withFolder } from '../../support/models';
import { tiffFile, type TiffPage, type TiffTagSpec } from '../../support/tiff';

/** A page of 2 × 2 pixels, all alike. */
const page = (pixel: readonly number[], ...tags: readonly TiffTagSpec[]): TiffPage => ({
  ...{ width: 2, height: 2, channels: pixel.length, tags },
  samples: Uint8Array.from({ length: 4 * pixel.length }, (_, i) => pixel[i % pixel.length]!),
});

const read = (...pages: readonly TiffPage[]): Promise<Uint8Array | Uint16Array> =>
  withFolder(async (folder) => {
    const file = join(folder, 'picture.tif');
    await writeFile(file, tiffFile(...pages));
    return (await readImage(file)).data;
  });

const [saved, associated, straight] = [0, 1, 2];
const extras = (...kinds: number[]): TiffTagSpec => [338, 3, kinds];

test.each([
  ['a saved selection', [200, 30, 10, 0], [saved], [200, 30, 10, 255]],
  ['a fourth channel that nothing is said of', [200, 30, 10, 0], null, [200, 30, 10, 255]],
  ['transparency', [200, 30, 10, 128], [straight], [200, 30, 10, 128]],
  ['premultiplied transparency', [100, 15, 5, 128], [associated], [199, 29, 9, 128]],
  ['two saved selections', [200, 30, 10, 0, 255], [saved, saved], [200, 30, 10, 255]],
  ['transparency and a selection', [200, 30, 10, 128, 0], [straight, saved], [200, 30, 10, 128]],
  ['a selection and transparency', [200, 30, 10, 0, 128], [saved, straight], [200, 30, 10, 128]],
  ['grey and a saved selection', [90, 0], [saved], [90, 90, 90, 255]],
] as const)('%s', async (_what, pixel, kinds, expected) => {
  const data = await read(page(pixel, ...(kinds ? [extras(...kinds)] : [])));
  expect([...data.subarray(0, 4)]).toEqual(expected);
});

test('grey with two selections stays grey', async () => {
  const data = await read(page([90, 0, 255], [262, 3, [1]], extras(saved, saved)));
  expect([...data.subarray(0, 4)]).toEqual([90, 90, 90, 255]);
});

test('a thumbnail stored first is not the picture, whether it says so or not', async () => {
  const small = { ...page([1, 2, 3]), width: 1, height: 1, samples: Uint8Array.of(1, 2, 3) };
  for (const tags of [[[254, 4, [1]]], []] as const) {
    const data = await read({ ...small, tags }, page([200, 30, 10]));
    expect([data.length, ...data.subarray(0, 4)]).toEqual([16, 200, 30, 10, 255]);
  }
});

test('of pages of a document, the first is read', async () => {
  expect([...(await read(page([9, 9, 9]), page([200, 30, 10]))).subarray(0, 3)]).toEqual([9, 9, 9]);
});

test.each<[string, TiffPage, string]>([
  ['Lab', page([100, 0, 0], [262, 3, [8]]), 'is in the Lab colour mode'],
  ['CMYK', page([1, 2, 3, 4], [262, 3, [5]]), 'is CMYK; faces are worked on in RGB'],
  ['raw data', page([1, 2, 3], [262, 3, [34892]]), 'is raw sensor data'],
  ['YCbCr', page([1, 2, 3], [262, 3, [6]]), 'is in YCbCr colours without JPEG'],
  ['old JPEG', page([1, 2, 3], [259, 3, [6]]), 'first TIFF standard'],
  ['signed numbers', page([1, 2, 3], [339, 3, [2, 2, 2]]), 'signed numbers'],
  [
    '32-bit whole numbers',
    { width: 1, height: 1, channels: 3, samples: Uint32Array.of(1, 2, 3) },
    'whole numbers of 32 bits',
  ],
  ['nothing but a preview', page([1, 2, 3], [254, 4, [1]]), 'shows only a reduced preview'],
])('%s is refused in words', async (_what, refused, words) => {
  await expect(read(refused)).rejects.toMatchObject({
    code: 'BAD_INPUT',
    message: expect.stringContaining(words),
  });
});

test('what a TIFF says of itself is EXIF for other files', () =>
  withFolder(async (folder) => {
    const file = join(folder, 'picture.tif');
    const said: readonly TiffTagSpec[] = [
      [282, 5, [300, 1]],
      [283, 5, [300, 1]],
      [296, 3, [2]],
      [274, 3, [6]],
      [33432, 2, '(c) Ana'],
    ];
    await writeFile(file, tiffFile({ ...page([200, 30, 10]), tags: said }));
    const { metadata } = await readPhotograph(file);
    expect(metadata.pixelsPerInch).toBe(300);
    expect(Buffer.from(metadata.exif!).toString('latin1')).toContain('(c) Ana');
  }));
