import { readdir } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { alignFace, type FaceFinder, type FacePlanes } from '../../../bridge-server/faces';
import { isPictureName } from '../../../protocol/pictureFiles';
import { readImage } from '../../../bridge-server/image/readImage';
import type { Face } from '../../../protocol/face';
import type { Raster } from '../../../protocol/raster';

/** A photograph and its largest usable face. */
export interface Photograph {
  readonly name: string;
  readonly pixels: Raster;
  readonly face: Face;
  /** The aligned face, 256²: what the encoder sees and scores are taken against. */
  readonly aligned: FacePlanes;
}

const alignedSide = 256;

const findUsable = async (finder: FaceFinder, pixels: Raster): Promise<Face | undefined> =>
  (await finder.find(pixels)).find(({ refusal }) => refusal === null);

/** The face in what was made of a photograph, or where it was; `found` is 1 where a usable one is seen. */
export async function lookAgain(finder: FaceFinder, made: Raster, photograph: Photograph) {
  const again = await findUsable(finder, made);
  const face = again ?? photograph.face;
  return { face, aligned: alignFace(made, face.quad, alignedSide), found: again ? 1 : 0 };
}

export async function readPhotographs(finder: FaceFinder, folder: string): Promise<Photograph[]> {
  const photographs: Photograph[] = [];
  for (const file of (await readdir(folder)).filter(isPictureName).sort()) {
    const pixels = await readImage(join(folder, file));
    const face = await findUsable(finder, pixels);
    if (!face) continue;
    const name = basename(file, extname(file));
    photographs.push({ name, pixels, face, aligned: alignFace(pixels, face.quad, alignedSide) });
  }
  return photographs;
}

export function planesOf({ width, data }: Raster): FacePlanes {
  const plane = width * width;
  const rgb = new Float32Array(3 * plane);
  for (let i = 0; i < plane; i += 1) {
    for (let c = 0; c < 3; c += 1) rgb[c * plane + i] = data[4 * i + c]! / 255;
  }
  return { size: width, rgb };
}

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
