import sharp from 'sharp';
import { PspError } from '../../protocol/errors';
import { requireFile } from '../fileErrors';
import type { Mask } from '../../protocol/raster';

/** A picture file as a mask: white is to be filled in; its own transparency hides. */
export async function readMask(file: string): Promise<Mask> {
  await requireFile(file);
  const { data, info } = await sharp(file)
    .autoOrient()
    .flatten({ background: '#000' })
    .toColourspace('b-w')
    .extractChannel(0)
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
    .catch((cause: unknown) => {
      throw new PspError('BAD_INPUT', `The mask ${file} is not a picture that can be read.`, {
        cause,
      });
    });
  return {
    width: info.width,
    height: info.height,
    data: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
  };
}
