import sharp, { type Metadata } from 'sharp';
import { PspError } from '../../protocol/errors';
import type { Raster } from '../../protocol/raster';

/** 400 megapixels: 3.2 GB at 16 bit, the largest picture that fits beside the networks. */
const maxPixels = 4e8;

const formats = new Set(['png', 'jpeg', 'tiff', 'webp']);
const listedFormats = 'PNG, JPEG, TIFF or WebP';

/**
 * A picture file as sRGB with straight alpha, upright, 16 bit where the file has more than 8. An
 * embedded profile is converted, an absent one means sRGB.
 * @throws PspError BAD_INPUT (not a picture, no pixels, CMYK, damaged), TOO_LARGE
 */
export async function readImage(file: string): Promise<Raster> {
  const metadata = await readMetadata(file);
  const { width, height } = metadata;
  if (width * height > maxPixels) {
    throw new PspError(
      'TOO_LARGE',
      `${file} has ${(width * height) / 1e6} megapixels; at most ${maxPixels / 1e6} can be opened. Crop it first.`,
    );
  }
  if (metadata.space === 'cmyk') {
    throw new PspError(
      'BAD_INPUT',
      `${file} is CMYK; faces are worked on in RGB. Convert it to RGB first.`,
    );
  }
  const deep = metadata.depth !== 'uchar';
  const image = sharp(file, { limitInputPixels: false, failOn: 'error' })
    .autoOrient()
    .toColourspace(deep ? 'rgb16' : 'srgb');
  // From an embedded profile sharp goes to sRGB with 8 bit, but to Display P3 with 16.
  const toSrgb = deep && metadata.hasProfile ? image.withIccProfile('srgb') : image;
  const { data, info } = await toSrgb
    .ensureAlpha()
    .raw({ depth: deep ? 'ushort' : 'uchar' })
    .toBuffer({ resolveWithObject: true })
    .catch((cause: unknown) => {
      throw new PspError('BAD_INPUT', `${file} is damaged and cannot be read in full.`, { cause });
    });
  return {
    width: info.width,
    height: info.height,
    data: deep
      ? new Uint16Array(data.buffer, data.byteOffset, data.byteLength / 2)
      : new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
  };
}

async function readMetadata(file: string): Promise<Metadata & { width: number; height: number }> {
  const metadata = await sharp(file, { limitInputPixels: false })
    .metadata()
    .catch((cause: unknown) => {
      throw new PspError(
        'BAD_INPUT',
        `${file} is not a picture that can be read. Give a ${listedFormats} file.`,
        {
          cause,
        },
      );
    });
  const { format } = metadata;
  if (!formats.has(format)) {
    throw new PspError('BAD_INPUT', `${file} is ${format}; give a ${listedFormats} file.`);
  }
  return metadata;
}
