import { open } from 'node:fs/promises';
import sharp, { type Metadata, type Sharp } from 'sharp';
import { PspError } from '../../protocol/errors';
import { pictureFormats } from '../../protocol/pictureFiles';
import type { Raster } from '../../protocol/raster';
import { requireFile, unreadable } from '../fileErrors';
import { pictureMetadata, type PictureMetadata } from './pictureMetadata';
import { readMemory } from './tiff/exif';
import { inspectTiff, type TiffPicture } from './tiff/inspectTiff';
import { readDirectories, type ReadBytes } from './tiff/readDirectories';

/** A picture file as it is: its own numbers, upright, and all that it says of itself. */
export interface Photograph {
  /** RGB in `profile`, straight alpha, 16 bit where the file has more than 8. */
  readonly pixels: Raster;
  /** The ICC profile of the numbers; `null` is sRGB. */
  readonly profile: Uint8Array | null;
  readonly metadata: PictureMetadata;
  /** How many the file holds, frames and pages: this is the first. */
  readonly pictures: number;
}

/** 400 megapixels: 3.2 GB at 16 bit, the largest picture that fits beside the networks. */
const maxPixels = 4e8;

const formats = new Set(['png', 'jpeg', 'tiff', 'webp', 'heif', 'gif']);

/** What is read, and how. */
interface Picture {
  /** As messages call it. */
  readonly name: string;
  /** Its path, or its bytes. */
  readonly input: string | Uint8Array;
  readonly read: ReadBytes;
  readonly maxPixels: number;
}

/**
 * Numbers are converted only where RGB cannot hold them as they are: grey in a profile of its own, and
 * floating point, become sRGB.
 * @throws PspError BAD_INPUT (not a picture, no pixels, CMYK, Lab, damaged), TOO_LARGE
 */
export async function readPhotograph(file: string): Promise<Photograph> {
  await requireFile(file);
  const handle = await open(file, 'r').catch((error: unknown) => {
    throw unreadable(file, error);
  });
  try {
    const read: ReadBytes = async (offset, length) => {
      const { bytesRead, buffer } = await handle.read(new Uint8Array(length), 0, length, offset);
      return buffer.subarray(0, bytesRead);
    };
    return await readPicture({ name: file, input: file, read, maxPixels });
  } finally {
    await handle.close();
  }
}

/** The same of a file's bytes; `name` is what messages call it. */
export const readPhotographBytes = (
  name: string,
  bytes: Uint8Array,
  mostPixels: number,
): Promise<Photograph> =>
  readPicture({ name, input: bytes, read: readMemory(bytes), maxPixels: mostPixels });

async function readPicture(picture: Picture): Promise<Photograph> {
  const { name, read } = picture;
  const directories = await readDirectories(read);
  const tiff = directories && inspectTiff(name, directories);
  const metadata = await readHead(picture, tiff?.page ?? 0);
  const { pixels, profile } = await readPixels(picture, metadata, tiff);
  const described = tiff && { read, directory: tiff.directory };
  const pictures = tiff?.pages ?? metadata.pages ?? 1;
  return { pixels, profile, metadata: await pictureMetadata(metadata, described), pictures };
}

async function readHead(
  { name, input, maxPixels: most }: Picture,
  page: number,
): Promise<Metadata> {
  const metadata = await sharp(input, { limitInputPixels: false, page })
    .metadata()
    .catch((cause: unknown) => {
      const message = `${name} is not a picture that can be read. Give a ${pictureFormats} file.`;
      throw new PspError('BAD_INPUT', message, { cause });
    });
  const { format, width, height, space, compression } = metadata;
  if (format === 'heif' && compression === 'hevc') {
    throw new PspError(
      'BAD_INPUT',
      `${name} is HEIC, whose codec is not free to be shipped. Save it as JPEG, TIFF or AVIF.`,
    );
  }
  if (!formats.has(format)) {
    throw new PspError('BAD_INPUT', `${name} is ${format}; give a ${pictureFormats} file.`);
  }
  if (width * height > most) {
    throw new PspError(
      'TOO_LARGE',
      `${name} has ${(width * height) / 1e6} megapixels; at most ${most / 1e6} can be opened here. Crop it first.`,
    );
  }
  if (space === 'cmyk') {
    throw new PspError(
      'BAD_INPUT',
      `${name} is CMYK; faces are worked on in RGB. Convert it to RGB first.`,
    );
  }
  return metadata;
}

async function readPixels(
  { name, input }: Picture,
  { icc, depth, hasProfile }: Metadata,
  tiff: TiffPicture | null,
): Promise<Pick<Photograph, 'pixels' | 'profile'>> {
  const deep = depth !== 'uchar';
  const profile = icc && isRgbProfile(icc) && depth !== 'float' ? icc : null;
  const options = { limitInputPixels: false, failOn: 'error', page: tiff?.page ?? 0 } as const;
  const image = sharp(input, { ...options, ignoreIcc: profile !== null })
    .autoOrient()
    .toColourspace(deep ? 'rgb16' : 'srgb');
  // From an embedded profile sharp goes to sRGB with 8 bit, but to Display P3 with 16.
  const converted = deep && hasProfile && !profile ? image.withIccProfile('srgb') : image;
  const raw = await rawChannels(converted, deep).catch((cause: unknown) => {
    const message = `${name} is damaged and cannot be read in full.`;
    throw new PspError('BAD_INPUT', message, { cause });
  });
  // libvips has made RGB of one channel by now, so that what follows the colours has moved.
  const moved = tiff?.colours === 1 ? 2 : 0;
  const alpha = tiff ? tiff.alpha && tiff.alpha + moved : raw.channels === 4 ? 3 : null;
  return { pixels: rgba(raw, alpha), profile };
}

interface RawChannels {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly data: Uint8Array | Uint16Array;
}

async function rawChannels(image: Sharp, deep: boolean): Promise<RawChannels> {
  const { data, info } = await image
    .raw({ depth: deep ? 'ushort' : 'uchar' })
    .toBuffer({ resolveWithObject: true });
  return {
    ...{ width: info.width, height: info.height, channels: info.channels },
    data: deep
      ? new Uint16Array(data.buffer, data.byteOffset, data.byteLength / 2)
      : new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
  };
}

/** The first three channels and the one of transparency; without one, opaque. */
function rgba({ width, height, channels, data }: RawChannels, alpha: number | null): Raster {
  if (channels === 4 && alpha === 3) return { width, height, data };
  const opaque = data instanceof Uint16Array ? 65535 : 255;
  const count = width * height;
  const pixels =
    data instanceof Uint16Array ? new Uint16Array(count * 4) : new Uint8Array(count * 4);
  for (let i = 0, from = 0, to = 0; i < count; i += 1, from += channels, to += 4) {
    pixels[to] = data[from]!;
    pixels[to + 1] = data[from + 1]!;
    pixels[to + 2] = data[from + 2]!;
    pixels[to + 3] = alpha === null ? opaque : data[from + alpha]!;
  }
  return { width, height, data: pixels };
}

/** The colour space of the data, in the header of an ICC profile (ICC.1, 7.2.6). */
const isRgbProfile = (icc: Uint8Array): boolean =>
  String.fromCharCode(...icc.subarray(16, 20)) === 'RGB ';
