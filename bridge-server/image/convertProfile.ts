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
export async function toSrgb(raster: Raster, profile: Uint8Array): Promise<Raster> {
  requireProfile(profile);
  return convert(raster, profile, 'srgb');
}

/** sRGB → the profile, depth kept. */
export async function fromSrgb(raster: Raster, profile: Uint8Array): Promise<Raster> {
  requireProfile(profile);
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
      throw unusable(cause);
    });
  return {
    width,
    height,
    data: deep
      ? new Uint16Array(result.buffer, result.byteOffset, result.byteLength / 2)
      : new Uint8Array(result.buffer, result.byteOffset, result.byteLength),
  };
}

/** libvips takes what it cannot read for sRGB (ICC.1, 7.2: colour space and signature of the header). */
function requireProfile(profile: Uint8Array): void {
  const text = (from: number): string => String.fromCharCode(...profile.subarray(from, from + 4));
  if (text(16) !== 'RGB ' || text(36) !== 'acsp') throw unusable();
}

const unusable = (cause?: unknown): PspError =>
  new PspError(
    'BAD_INPUT',
    "The document's colour profile cannot be used. Convert the document to sRGB in its editor.",
    { cause },
  );
