import { join } from 'node:path';
import { applyToRaster } from '../../bridge-server/cli/applyToRaster';
import { createFaceFinder, createIdentity } from '../../bridge-server/faces';
import { readImage } from '../../bridge-server/image/readImage';
import type { Engine } from '../../bridge-server/inference/engine';
import { createModelStore } from '../../bridge-server/models/modelStore';
import { createProcessor } from '../../bridge-server/processor/createProcessor';
import { createLatentCache } from '../../bridge-server/processor/latentCache';
import type { Processor } from '../../bridge-server/processor/processor';
import { operations } from '../../bridge-server/operations/registry';
import type { Face } from '../../protocol/face';
import type { OperationDeclaration } from '../../protocol/operation';
import type { Mask, Raster } from '../../protocol/raster';

/** Medians over the runs, in milliseconds. */
export interface Runtime {
  /** Encoder, mapping network and decoder. */
  readonly network: number;
  /** From the photograph to its patches: faces found, aligned, networks, pasted. */
  readonly whole: number;
}

/**
 * The asked operations that the packages of a folder serve, on one photograph with the operations' own
 * defaults. The first run opens the networks and is not counted; nothing is remembered in between.
 */
export async function measureRuntimes(
  engine: Engine,
  modelsFolder: string,
  photograph: string,
  runs: number,
  asked: readonly string[] = operations.declarations.map(({ id }) => id),
): Promise<Record<string, Runtime>> {
  const processor = createProcessor({
    operations,
    engine,
    models: createModelStore(modelsFolder, join(modelsFolder, 'none')),
    faces: createFaceFinder(engine),
    identity: createIdentity(engine),
    latents: createLatentCache(0),
  });
  const source = await readImage(photograph);
  const [face] = await processor.findFaces(source);
  if (!face) throw new Error(`No face was found in ${photograph}.`);
  const hole = mouthHole(face, source);
  const served = new Set((await processor.models()).flatMap((model) => model.operations));
  const runtimes: Record<string, Runtime> = {};
  for (const operation of asked.filter((id) => served.has(id))) {
    const { declaration } = operations.find(operation);
    const mask = declaration.mask === 'required' ? hole : null;
    const timed = () => timeOnce(processor, source, declaration, mask);
    await timed();
    const all: Runtime[] = [];
    for (let run = 0; run < runs; run += 1) all.push(await timed());
    runtimes[operation] = {
      network: median(all.map(({ network }) => network)),
      whole: median(all.map(({ whole }) => whole)),
    };
  }
  return runtimes;
}

async function timeOnce(
  processor: Processor,
  source: Raster,
  operation: OperationDeclaration,
  mask: Mask | null,
): Promise<Runtime> {
  const application = {
    operation,
    model: null,
    faces: 'largest',
    parameters: {},
    mask,
    latents: null,
    wholeLayer: false,
  } as const;
  const start = performance.now();
  const { timings } = await applyToRaster(processor, source, application, {
    signal: new AbortController().signal,
    onProgress: () => undefined,
  });
  const whole = performance.now() - start;
  const network = timings
    .filter(({ stage }) => stage === 'encode' || stage === 'decode')
    .reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  return { network, whole };
}

/** A disc over the mouth, as wide as the eyes are apart. */
function mouthHole({ landmarks }: Face, { width, height }: Raster): Mask {
  const { leftEye, rightEye, leftMouth, rightMouth } = landmarks;
  const radius = Math.hypot(rightEye.x - leftEye.x, rightEye.y - leftEye.y) / 2;
  const centre = { x: (leftMouth.x + rightMouth.x) / 2, y: (leftMouth.y + rightMouth.y) / 2 };
  const data = Uint8Array.from({ length: width * height }, (_, i) =>
    Math.hypot((i % width) - centre.x, Math.floor(i / width) - centre.y) <= radius ? 255 : 0,
  );
  return { width, height, data };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2;
}
