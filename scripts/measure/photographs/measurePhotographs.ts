import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { alignFace, createFaceFinder, type FacePlanes } from '../../../bridge-server/faces';
import { isPictureName } from '../../../protocol/pictureFiles';
import { readImage } from '../../../bridge-server/image/readImage';
import type { Engine } from '../../../bridge-server/inference/engine';
import { shrinkBicubic } from '../../../bridge-server/operations/super-resolve/shrinkBicubic';
import { createCosine, embedInner } from './cardIdentity';
import { openPass, size } from './pass';

export interface Figures {
  /** Mean of the card's identity to the photograph. */
  readonly identity: number;
  /** Mean squared difference to the photograph at 256², RGB in −1..1. */
  readonly l2: number;
}

export interface Measured {
  /** Means over all photographs. */
  readonly rows: Readonly<Record<string, Figures>>;
  /** Reconstruct for each, with the mean luma 0..1 of the middle of its face: cheeks, nose, mouth. */
  readonly reconstructed: readonly (Figures & { readonly name: string; readonly luma: number })[];
}

const factors = [4, 8, 16];

/**
 * One pass of the networks, without refinement or composition, on the largest face of every photograph
 * of a folder, beside what the networks were given.
 */
export async function measurePhotographs(
  engine: Engine,
  modelsFolder: string,
  folder: string,
): Promise<Measured> {
  const photographs = await readFaces(engine, folder);
  const faces = photographs.map(({ aligned }) => aligned);
  const embeddings: Float32Array[] = [];
  for (const face of faces) embeddings.push(await embedInner(engine, face));
  const cosine = createCosine(embeddings);
  const passes = {
    reconstruct: await openPass(engine, modelsFolder, 'reconstruct'),
    inpaint: await openPass(engine, modelsFolder, 'inpaint'),
    superResolve: await openPass(engine, modelsFolder, 'super-resolve'),
  };

  const rows: Record<string, Figures> = {};
  const reconstructed: Measured['reconstructed'][number][] = [];
  const measure = async (
    name: string,
    change: (face: FacePlanes) => FacePlanes | Promise<FacePlanes>,
  ): Promise<void> => {
    let [identity, l2] = [0, 0];
    for (const [i, face] of faces.entries()) {
      const result = await change(face);
      const own = cosine(embeddings[i]!, await embedInner(engine, result));
      const difference = meanSquare(face, result);
      identity += own / faces.length;
      l2 += difference / faces.length;
      if (name === 'reconstruct') {
        const { name: photograph } = photographs[i]!;
        const luma = lumaOfFace(face);
        reconstructed.push({ name: photograph, luma, identity: own, l2: difference });
      }
    }
    rows[name] = { identity, l2 };
  };
  const hole = mouthHole();
  const filled = (face: FacePlanes, inside: (at: number) => number): FacePlanes => ({
    size,
    rgb: face.rgb.map((value, at) => (hole[at % hole.length]! > 0 ? inside(at) : value)),
  });
  const shrunk = (face: FacePlanes, factor: number): FacePlanes => ({
    size,
    rgb: shrinkBicubic(face.rgb, size, factor),
  });

  await measure('reconstruct', (face) => passes.reconstruct.draw(face));
  await measure('hole', (face) => filled(face, () => 0.5));
  await measure('inpaint', async (face) => {
    const { rgb } = await passes.inpaint.draw(face, hole);
    return filled(face, (at) => rgb[at]!);
  });
  for (const factor of factors) {
    await measure(`bicubic ×${factor}`, (face) => shrunk(face, factor));
    await measure(`super-resolve ×${factor}`, (face) =>
      passes.superResolve.draw(shrunk(face, factor)),
    );
  }
  return { rows, reconstructed };
}

/** The largest usable face of every picture, aligned. */
export async function readFaces(
  engine: Engine,
  folder: string,
): Promise<{ readonly name: string; readonly aligned: FacePlanes }[]> {
  const finder = createFaceFinder(engine);
  const faces: { name: string; aligned: FacePlanes }[] = [];
  for (const file of (await readdir(folder)).filter(isPictureName).sort()) {
    const pixels = await readImage(join(folder, file));
    const face = (await finder.find(pixels)).find(({ refusal }) => refusal === null);
    if (face) faces.push({ name: file, aligned: alignFace(pixels, face.quad, size) });
  }
  return faces;
}

/** Over the mouth of an aligned face, [size, size]: as wide as the eyes are apart. */
function mouthHole(): Float32Array {
  const [x, y, radius] = [128, 182, 34];
  return Float32Array.from({ length: size * size }, (_, i) =>
    Math.hypot((i % size) + 0.5 - x, Math.floor(i / size) + 0.5 - y) <= radius ? 1 : 0,
  );
}

/** Rec. 601, over the square from the eyes to the mouth. */
function lumaOfFace({ rgb }: FacePlanes): number {
  const [from, to] = [size * 0.35, size * 0.65];
  let [sum, count] = [0, 0];
  for (let i = 0; i < size * size; i += 1) {
    const [x, y] = [i % size, Math.floor(i / size)];
    if (x < from || x > to || y < size * 0.45 || y > size * 0.75) continue;
    sum += 0.299 * rgb[i]! + 0.587 * rgb[size * size + i]! + 0.114 * rgb[2 * size * size + i]!;
    count += 1;
  }
  return sum / count;
}

function meanSquare(a: FacePlanes, b: FacePlanes): number {
  let sum = 0;
  for (let i = 0; i < a.rgb.length; i += 1) sum += (2 * (a.rgb[i]! - b.rgb[i]!)) ** 2;
  return sum / a.rgb.length;
}
