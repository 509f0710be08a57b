import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFaceFinder, createIdentity, type FacePlanes } from '../../../bridge-server/faces';
import { compositeLayer } from '../../../bridge-server/image/compositeLayer';
import { cropRaster } from '../../../bridge-server/image/cropRaster';
import type { Engine } from '../../../bridge-server/inference/engine';
import { createModelStore } from '../../../bridge-server/models/modelStore';
import { createProcessor } from '../../../bridge-server/processor/createProcessor';
import { createLatentCache } from '../../../bridge-server/processor/latentCache';
import { findModel } from '../../../bridge-server/processor/findModel';
import type { LayerPatch } from '../../../bridge-server/processor/job';
import { createNetworks } from '../../../bridge-server/processor/networks';
import type { Likeness } from '../../../bridge-server/operations/parameters';
import { operations } from '../../../bridge-server/operations/registry';
import { runToEnd } from '../../../bridge-server/processor/runToEnd';
import { faceRegion } from '../../../protocol/face';
import type { Mask, Raster } from '../../../protocol/raster';
import type { PreviewPicture, PreviewRequest } from '../../../protocol/preview';
import type { ParameterValues } from '../../../protocol/parameter';
import { mean, readPhotographs, type Photograph } from './faces';
import { skinLightness, thirds, thirdText, type Third } from './groups';
import { createComparison, createJudge, meanOf, type Judged, type Likenesses } from './judge';

export interface Measurement {
  readonly photographs: number;
  /** How far apart the photographs' different people are, and pictures of the same one. */
  readonly differentPeople: Likenesses;
  readonly samePerson: Likenesses | null;
  readonly levels: Readonly<Record<string, Level>>;
}

interface Level extends Likenesses {
  readonly secondsPerFace: number;
  /** Identity of the third of the photographs with the lowest age or skin lightness, the middle, the highest. */
  readonly byAge: readonly Third[];
  readonly bySkin: readonly Third[];
}

/** Likeness of the reconstruction of every photograph at every level. */
export async function measureLikeness(
  engine: Engine,
  models: string,
  folder: string,
  levels: readonly Likeness[],
  same: string | null,
  log: (line: string) => void,
): Promise<Measurement> {
  const bench = createBench(engine, models);
  const photographs = await readPhotographs(bench.finder, folder);
  const judge = await createJudge(engine, join(tmpdir(), 'faceres.onnx'));
  const judged: Judged[] = [];
  for (const { aligned } of photographs) judged.push(await judge(aligned));
  const compare = createComparison(judged);

  const pairs = judged.flatMap((a, i) =>
    judged.slice(i + 1).map((b, k) => {
      const names = [photographs[i]!.name, photographs[i + 1 + k]!.name];
      const alike = same !== null && names.every((name) => name.startsWith(same));
      return { alike, of: compare(a, b) };
    }),
  );
  const different = meanOf(pairs.filter(({ alike }) => !alike).map(({ of }) => of));
  const equal = pairs.filter(({ alike }) => alike).map(({ of }) => of);
  log(`different people: ${text(different)}`);
  if (equal.length > 0) log(`the same person: ${text(meanOf(equal))}`);

  const ages = judged.map(({ age }) => age);
  const skins = photographs.map(({ aligned }) => skinLightness(aligned));
  const results: Record<string, Level> = {};
  for (const level of levels) {
    const all: Likenesses[] = [];
    const seconds: number[] = [];
    for (const [i, photograph] of photographs.entries()) {
      const start = performance.now();
      const patch = await bench.apply('reconstruct', photograph, { likeness: level });
      seconds.push((performance.now() - start) / 1000);
      const found = compare(judged[i]!, await judge(await bench.draw(patch)));
      log(`${level} ${photograph.name}: ${text(found)}`);
      all.push(found);
    }
    const identity = all.map((each) => each.identity);
    results[level] = {
      ...meanOf(all),
      secondsPerFace: mean(seconds),
      byAge: thirds(ages, identity),
      bySkin: thirds(skins, identity),
    };
    log(`${level}: ${text(results[level])}, ${mean(seconds).toFixed(1)} s a face`);
    log(`${level} by age: ${results[level].byAge.map(thirdText).join('; ')}`);
    log(`${level} by skin L*: ${results[level].bySkin.map(thirdText).join('; ')}`);
  }
  return {
    photographs: photographs.length,
    differentPeople: different,
    samePerson: equal.length > 0 ? meanOf(equal) : null,
    levels: results,
  };
}

export const text = ({ identity, distance, score, witness }: Likenesses): string =>
  `identity ${identity.toFixed(3)}, distance ${distance.toFixed(3)}, score ${score.toFixed(3)}, witness ${witness.toFixed(3)}`;

/** The photograph with a patch laid over it. */
export function over(photograph: Raster, { pixels, mask, bounds }: LayerPatch): Raster {
  const result = { ...photograph, data: photograph.data.slice() };
  compositeLayer(result, pixels, mask, bounds);
  return result;
}

/**
 * The product's own processor on the packages of a folder.
 * @param codes whether codes of the same face are fitted once or each time
 */
export function createBench(
  engine: Engine,
  modelsFolder: string,
  codes: 'remembering' | 'afresh' = 'afresh',
) {
  const finder = createFaceFinder(engine);
  const models = createModelStore(modelsFolder, join(modelsFolder, 'none'));
  const processor = createProcessor({
    operations,
    engine,
    models,
    faces: finder,
    identity: createIdentity(engine),
    latents: createLatentCache(codes === 'afresh' ? 0 : undefined),
  });
  const { signal } = new AbortController();
  return {
    finder,

    async apply(
      operation: string,
      { pixels, face }: Photograph,
      parameters: ParameterValues,
      hole: Mask | null = null,
    ): Promise<LayerPatch> {
      const whole = { left: 0, top: 0, right: pixels.width, bottom: pixels.height };
      const bounds = hole ? whole : faceRegion(face, whole);
      const region = { bounds, pixels: cropRaster(pixels, bounds), face, faceNumber: 1, hole };
      const job = { operation, model: null, parameters, regions: [{ ...region, latents: null }] };
      const { patches } = await runToEnd(processor, job, { signal, onProgress: () => undefined });
      return patches[0]!;
    },

    /** How a slider that moves shows it. */
    preview: (request: PreviewRequest): Promise<PreviewPicture> =>
      processor.preview(request, signal),

    /** The generator's whole picture of a patch's codes. */
    async draw({ latents }: LayerPatch): Promise<FacePlanes> {
      const model = findModel(await models.list(), operations.find('reconstruct'), null);
      const [picture] = await createNetworks(engine, model).decode([latents], signal);
      const rgb = picture!.map((value) => Math.min(1, Math.max(0, value / 2 + 0.5)));
      return { size: model.resolution, rgb };
    },
  };
}
