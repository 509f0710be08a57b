import type { FacePart } from '../../protocol/facePart';
import type { Quad } from '../../protocol/geometry';
import type { Mask, Raster } from '../../protocol/raster';
import { guidedMask, planesOf } from '../compose';
import { alignFace, partShare, type PartName, type PartsReader } from '../faces';

const named: Readonly<Record<FacePart, readonly PartName[]>> = {
  eyes: ['left eye', 'right eye'],
  brows: ['left brow', 'right brow'],
  mouth: ['mouth', 'upper lip', 'lower lip'],
  face: [
    'skin',
    'nose',
    'glasses',
    'left eye',
    'right eye',
    'left brow',
    'right brow',
    'mouth',
    'upper lip',
    'lower lip',
  ],
  skin: ['skin', 'nose', 'left ear', 'right ear', 'neck'],
  hair: ['hair'],
  glasses: ['glasses'],
};

/** The side at which parts are fitted to the picture: finer than they are read. */
const guideSide = 512;

/** See `Processor.selectPart`. */
export async function selectPart(
  pixels: Raster,
  quad: Quad,
  part: FacePart,
  reader: PartsReader,
  signal?: AbortSignal,
): Promise<Mask> {
  const face = alignFace(pixels, quad, guideSide);
  const [parts] = await reader.read([face], signal);
  return guidedMask(pixels, quad, planesOf(face), partShare(parts!, named[part], guideSide));
}
