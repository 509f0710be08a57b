import sharp from 'sharp';
import type { Raster } from '../../protocol/raster';

/** The raster as a PNG of its own depth, tagged sRGB; an opaque picture is written without alpha. */
export async function encodePng(raster: Raster): Promise<Buffer> {
  const { data } = raster;
  const deep = data instanceof Uint16Array;
  const image = sharp(data, {
    raw: { width: raster.width, height: raster.height, channels: 4 },
    limitInputPixels: false,
  })
    .toColourspace(deep ? 'rgb16' : 'srgb')
    .withIccProfile('srgb');
  return (isOpaque(raster) ? image.removeAlpha() : image).png().toBuffer();
}

function isOpaque({ data }: Raster): boolean {
  const max = data instanceof Uint16Array ? 65535 : 255;
  for (let i = 3; i < data.length; i += 4) if (data[i] !== max) return false;
  return true;
}
