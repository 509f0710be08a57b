import { randomBytes } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { PspError } from '../../protocol/errors';
import type { Raster } from '../../protocol/raster';
import { srgbProfile } from './srgbProfile';
import { wrapTiff } from './wrapTiff';

/** RGB pixels in the profile → sRGB, depth kept. @throws PspError BAD_INPUT for a profile that is none */
export function toSrgb(raster: Raster, profile: Uint8Array): Promise<Raster> {
  return convert(raster, profile, 'srgb');
}

/** sRGB → the profile, depth kept. */
export async function fromSrgb(raster: Raster, profile: Uint8Array): Promise<Raster> {
  // libvips takes the target as a file only.
  const file = join(tmpdir(), `psp-layers-${randomBytes(6).toString('hex')}.icc`);
  await writeFile(file, profile);
  try {
    return await convert(raster, await srgbProfile(), file);
  } finally {
    await rm(file, { force: true });
  }
}

/**
 * Through libvips and Little CMS, perceptual intent. A source profile must always come along: for 16 bit
 * pixels without one, sharp would assume Display P3, its working space at that depth.
 */
async function convert(raster: Raster, from: Uint8Array, to: string): Promise<Raster> {
  const { width, height, data } = raster;
  const deep = data instanceof Uint16Array;
  const { data: result } = await sharp(wrapTiff(raster, from), { limitInputPixels: false })
    .toColourspace(deep ? 'rgb16' : 'srgb')
    .withIccProfile(to)
    .raw({ depth: deep ? 'ushort' : 'uchar' })
    .toBuffer({ resolveWithObject: true })
    .catch((cause: unknown) => {
      throw new PspError(
        'BAD_INPUT',
        "The document's colour profile cannot be used. Convert the document to sRGB in its editor.",
        { cause },
      );
    });
  return {
    width,
    height,
    data: deep
      ? new Uint16Array(result.buffer, result.byteOffset, result.byteLength / 2)
      : new Uint8Array(result.buffer, result.byteOffset, result.byteLength),
  };
}

/** Whether a profile says that it is sRGB as every screen means it: its pixels stay as they are. */
export async function isSrgb(profile: Uint8Array): Promise<boolean> {
  if (Buffer.compare(profile, await srgbProfile()) === 0) return true;
  // The description, as ASCII or as UTF-16, whatever version wrote it.
  const text = Buffer.from(profile).toString('latin1').replaceAll('\0', '');
  return /sRGB IEC61966-2|sRGB built-in|built-in sRGB/.test(text) && !/linear/i.test(text);
}
