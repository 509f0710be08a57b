import sharp from 'sharp';
import { boundsHeight, boundsWidth, type Bounds } from '../../protocol/geometry';
import type { Raster } from '../../protocol/raster';
import { enlargeRaster } from './enlargeRaster';

/** libvips' sums of 16 bits miss by up to a 400th: what is opaque stays opaque. */
const nearlyOpaque = 65535 - 255;

/**
 * The raster at another size: Lanczos 3 where it shrinks, antialiased, Keys' cubic where it grows; alpha respected; depth
 * kept.
 * @param part what of it is resized, within it; all of it by default
 */
export async function resizeRaster(
  raster: Raster,
  width: number,
  height: number,
  part: Bounds = { left: 0, top: 0, right: raster.width, bottom: raster.height },
): Promise<Raster> {
  const isWhole = boundsWidth(part) === raster.width && boundsHeight(part) === raster.height;
  const grows = width * height > raster.width * raster.height;
  if (isWhole && grows && width >= raster.width && height >= raster.height) {
    return enlargeRaster(raster, width, height);
  }
  const { data } = raster;
  const deep = data instanceof Uint16Array;
  const { data: bytes } = await sharp(data, {
    raw: { width: raster.width, height: raster.height, channels: 4 },
    limitInputPixels: false,
  })
    .extract({
      ...{ left: part.left, top: part.top },
      ...{ width: boundsWidth(part), height: boundsHeight(part) },
    })
    .resize(width, height, { fit: 'fill', kernel: 'lanczos3' })
    // Without it, sharp would hand 16-bit pixels on as 8 bit.
    .toColourspace(deep ? 'rgb16' : 'srgb')
    .raw({ depth: deep ? 'ushort' : 'uchar' })
    .toBuffer({ resolveWithObject: true });
  if (!deep) {
    return {
      width,
      height,
      data: new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength),
    };
  }
  const samples = new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 2);
  for (let at = 3; at < samples.length; at += 4) {
    if (samples[at]! > nearlyOpaque) samples[at] = 65535;
  }
  return { width, height, data: samples };
}
