import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  alignFace,
  createFaceFinder,
  resizePlanes,
  type FacePlanes,
} from '../../../bridge-server/faces';
import { isPicture } from '../../../bridge-server/image/pictureEndings';
import { readImage } from '../../../bridge-server/image/readImage';
import type { Engine } from '../../../bridge-server/inference/engine';
import { createModelStore } from '../../../bridge-server/models/modelStore';
import { findModel } from '../../../bridge-server/operations/findModel';
import { createNetworks } from '../../../bridge-server/operations/networks';
import { operations } from '../../../bridge-server/operations/registry';
import { shrinkBicubic } from '../../../bridge-server/operations/super-resolve/shrinkBicubic';
import { withMask } from '../../../bridge-server/operations/withMask';
import { completeParameters } from '../../../protocol/parameter';
import { createCosine, embedInner } from './cardIdentity';

export interface Figures {
  /** Mean of the card's identity to the photograph. */
  readonly identity: number;
  /** Mean squared difference to the photograph at 256², RGB in −1..1. */
  readonly l2: number;
}

const size = 256;
const factors = [4, 8, 16];
const { signal } = new AbortController();
const whole = { left: 0, top: 0, side: 1 };

/**
 * One pass of the networks, without refinement or composition, on the largest face of every photograph
 * of a folder, beside what the networks were given.
 */
export async function measurePhotographs(
  engine: Engine,
  modelsFolder: string,
  folder: string,
): Promise<{ readonly photographs: number; readonly rows: Readonly<Record<string, Figures>> }> {
  const faces = await readFaces(engine, folder);
  const embeddings: Float32Array[] = [];
  for (const face of faces) embeddings.push(await embedInner(engine, face));
  const cosine = createCosine(embeddings);
  const draw = await createDrawing(engine, modelsFolder);

  const rows: Record<string, Figures> = {};
  const measure = async (
    name: string,
    change: (face: FacePlanes) => FacePlanes | Promise<FacePlanes>,
  ): Promise<void> => {
    let [identity, l2] = [0, 0];
    for (const [i, face] of faces.entries()) {
      const result = await change(face);
      identity += cosine(embeddings[i]!, await embedInner(engine, result)) / faces.length;
      l2 += meanSquare(face, result) / faces.length;
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

  await measure('reconstruct', (face) => draw('reconstruct', face));
  await measure('hole', (face) => filled(face, () => 0.5));
  await measure('inpaint', async (face) => {
    const { rgb } = await draw('inpaint', face, hole);
    return filled(face, (at) => rgb[at]!);
  });
  for (const factor of factors) {
    await measure(`bicubic ×${factor}`, (face) => shrunk(face, factor));
    await measure(`super-resolve ×${factor}`, (face) =>
      draw('super-resolve', shrunk(face, factor)),
    );
  }
  return { photographs: faces.length, rows };
}

/** The largest usable face of every picture, aligned. */
async function readFaces(engine: Engine, folder: string): Promise<FacePlanes[]> {
  const finder = createFaceFinder(engine);
  const faces: FacePlanes[] = [];
  for (const file of (await readdir(folder)).filter(isPicture).sort()) {
    const pixels = await readImage(join(folder, file));
    const face = (await finder.find(pixels)).find(({ refusal }) => refusal === null);
    if (face) faces.push(alignFace(pixels, face.quad, size));
  }
  return faces;
}

/** What the operation's model makes of an aligned face, at 256². */
async function createDrawing(engine: Engine, modelsFolder: string) {
  const models = await createModelStore(modelsFolder, join(modelsFolder, 'none')).list();
  return async (
    id: string,
    { rgb }: FacePlanes,
    hole: Float32Array | null = null,
  ): Promise<FacePlanes> => {
    const operation = operations.find(id);
    const model = findModel(models, operation, null);
    const networks = createNetworks(engine, model);
    const source = { size, rgb, hole };
    const parameters = completeParameters(operation.declaration, {});
    const input = withMask(operation.encoderInput(source, parameters), source, model.input.kind);
    const [picture] = await networks.decode(await networks.encode([input], signal), signal);
    const unit = picture!.map((value) => Math.min(1, Math.max(0, value / 2 + 0.5)));
    return resizePlanes({ size: model.resolution, rgb: unit }, whole, size);
  };
}

/** Over the mouth of an aligned face, [size, size]: as wide as the eyes are apart. */
function mouthHole(): Float32Array {
  const [x, y, radius] = [128, 182, 34];
  return Float32Array.from({ length: size * size }, (_, i) =>
    Math.hypot((i % size) + 0.5 - x, Math.floor(i / size) + 0.5 - y) <= radius ? 1 : 0,
  );
}

function meanSquare(a: FacePlanes, b: FacePlanes): number {
  let sum = 0;
  for (let i = 0; i < a.rgb.length; i += 1) sum += (2 * (a.rgb[i]! - b.rgb[i]!)) ** 2;
  return sum / a.rgb.length;
}
