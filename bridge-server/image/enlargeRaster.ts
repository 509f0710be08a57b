import sharp from 'sharp';
import type { Raster } from '../../protocol/raster';

/** Pixels around the raster that the cubic may read; they repeat its border. */
const margin = 2;

/**
 * The raster, larger: Keys' cubic, alpha respected, depth kept. By libvips' affine, since its resize puts what it
 * enlarges half of a new pixel too far to the right and down.
 * @param width at least the raster's, and `height` likewise
 */
export async function enlargeRaster(
  raster: Raster,
  width: number,
  height: number,
): Promise<Raster> {
  const deep = raster.data instanceof Uint16Array;
  const [across, down] = [width / raster.width, height / raster.height];
  const [left, top] = [Math.ceil(margin * across), Math.ceil(margin * down)];
  // The affine's pixel x shows x / scale − idx of what it is given; pixel x of a picture lies at (x + ½) / scale − ½.
  const offset = (first: number, scale: number): number => (first - 0.5) / scale + 0.5 - margin;
  const { data: bytes, info } = await sharp(withMargin(raster), {
    raw: { width: raster.width + 2 * margin, height: raster.height + 2 * margin, channels: 4 },
    limitInputPixels: false,
  })
    .affine([across, 0, 0, down], {
      interpolator: sharp.interpolators.bicubic,
      idx: offset(left, across),
      idy: offset(top, down),
    })
    // Without it, sharp would hand 16-bit pixels on as 8 bit.
    .toColourspace(deep ? 'rgb16' : 'srgb')
    .raw({ depth: deep ? 'ushort' : 'uchar' })
    .toBuffer({ resolveWithObject: true });
  const whole = deep ? new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2) : bytes;
  const enlarged = new (deep ? Uint16Array : Uint8Array)(width * height * 4);
  for (let y = 0; y < height; y++) {
    const from = ((top + y) * info.width + left) * 4;
    enlarged.set(whole.subarray(from, from + width * 4), y * width * 4);
  }
  return { width, height, data: enlarged };
}

function withMargin({ width, height, data }: Raster): Raster['data'] {
  const row = (width + 2 * margin) * 4;
  const length = row * (height + 2 * margin);
  const result = data instanceof Uint16Array ? new Uint16Array(length) : new Uint8Array(length);
  for (let y = 0; y < height + 2 * margin; y++) {
    const from = Math.min(height - 1, Math.max(0, y - margin)) * width * 4;
    const [first, last] = [y * row + margin * 4, y * row + (margin + width - 1) * 4];
    result.set(data.subarray(from, from + width * 4), first);
    for (let x = 1; x <= margin; x++) {
      result.copyWithin(first - x * 4, first, first + 4);
      result.copyWithin(last + x * 4, last, last + 4);
    }
  }
  return result;
}
