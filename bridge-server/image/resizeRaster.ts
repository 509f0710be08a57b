import sharp from 'sharp';
import type { Raster } from '../../protocol/raster';

/** The raster at another size: Lanczos 3, antialiased; alpha respected; depth kept. */
export async function resizeRaster(raster: Raster, width: number, height: number): Promise<Raster> {
  const { data } = raster;
  const deep = data instanceof Uint16Array;
  const { data: bytes } = await sharp(data, {
    raw: { width: raster.width, height: raster.height, channels: 4 },
    limitInputPixels: false,
  })
    .resize(width, height, { fit: 'fill', kernel: 'lanczos3' })
    // Without it, sharp would hand 16-bit pixels on as 8 bit.
    .toColourspace(deep ? 'rgb16' : 'srgb')
    .raw({ depth: deep ? 'ushort' : 'uchar' })
    .toBuffer({ resolveWithObject: true });
  return {
    width,
    height,
    data: deep
      ? new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 2)
      : new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength),
  };
}
