import sharp from 'sharp';
import type { Raster } from '../../protocol/raster';

/**
 * The raster as a PNG of its own depth; an opaque picture is written without alpha. 8 bit is tagged sRGB.
 * 16 bit is not: sharp would take it for Display P3 and change it, and a PNG without a tag is sRGB.
 */
export async function encodePng(raster: Raster): Promise<Buffer> {
  const { data } = raster;
  const deep = data instanceof Uint16Array;
  const image = sharp(data, {
    raw: { width: raster.width, height: raster.height, channels: 4 },
    limitInputPixels: false,
  }).toColourspace(deep ? 'rgb16' : 'srgb');
  const tagged = deep ? image : image.withIccProfile('srgb');
  return (isOpaque(raster) ? tagged.removeAlpha() : tagged).png().toBuffer();
}

function isOpaque({ data }: Raster): boolean {
  const max = data instanceof Uint16Array ? 65535 : 255;
  for (let i = 3; i < data.length; i += 4) if (data[i] !== max) return false;
  return true;
}
