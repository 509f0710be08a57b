import type { Job, Timing } from '../../protocol/job';
import { completeParameters } from '../../protocol/parameter';
import { alignFace, createPartsReader, partsSide, type FaceFinder, type Identity } from '../faces';
import { createBands } from '../compose';
import type { Engine } from '../inference/engine';
import type { ModelStore } from '../models/modelStore';
import { drawingValues, likenessOf, placingValues } from '../operations/parameters';
import type { Registry } from '../operations/registry';
import { createFitter } from './createFitter';
import { createPreviewer } from './createPreviewer';
import { describeModel } from './describeModel';
import { drawCodes, type DrawnCodes } from './drawCodes';
import { createFaceDrawer } from './drawFaces';
import { createDrawStyles } from './drawStyles';
import { createWarmUp } from './createWarmUp';
import { findCodes } from './findCodes';
import { bestFirst, findModel } from './findModel';
import type { LatentCache } from './latentCache';
import { createMirrors } from './mirror';
import { batches, createNetworks } from './networks';
import { patchName } from './patchName';
import { createPlaceAgain } from './placeAgain';
import { isLongPlaced, planPatch, refuseHugeResults, type PlannedPatch } from './placePatch';
import { createPlacingStore } from './placingStore';
import type { Processor, StreamOptions } from './processor';
import { createProgress } from './progress';
import { readSources } from './readSources';
import { createScorer } from './scoreLikeness';
import { selectPart } from './selectPart';
import type { Work } from './work';

export interface ProcessorParts {
  readonly operations: Registry;
  readonly engine: Engine;
  readonly models: ModelStore;
  readonly faces: FaceFinder;
  readonly identity: Identity;
  readonly latents: LatentCache;
}

/** Preprocess → encode → edit → decode → place, over every region of a job. */
export function createProcessor(parts: ProcessorParts): Processor {
  const { operations, engine, models, faces, identity, latents } = parts;
  const partsReader = createPartsReader(engine);
  const bands = createBands();
  const placings = createPlacingStore();
  const fitter = createFitter(engine, latents);
  const mirrors = createMirrors(engine);
  const drawStyles = createDrawStyles();
  const warmUp = createWarmUp({ ...parts, partsReader, fitter });
  let running = 0;

  async function run(job: Job, options: StreamOptions): Promise<readonly Timing[]> {
    const operation = operations.find(job.operation);
    const parameters = completeParameters(operation.declaration, job.parameters);
    const model = findModel(await models.list(), operation, job.model);
    const networks = createNetworks(engine, model);
    const drawing = operation.declaration.variants ? drawingValues(parameters) : null;
    const perRegion = drawing?.variants ?? 1;
    refuseHugeResults(job.regions, placingValues(parameters), perRegion, model.resolution);
    const score = createScorer(identity);
    const likeness = operation.fit ? likenessOf(parameters) : 'fast';
    const fitSteps = fitter.steps(model, likeness);
    const progress = createProgress(options, job.regions.length * (1 + fitSteps + perRegion));

    const { signal } = options;
    // While the networks run.
    bands.open();
    const asked = { job, operation, parameters, likeness, fitSteps };
    const work: Work = { ...options, ...asked, model, networks, progress };
    const sources = await progress.time('align', () => readSources(work, faces, partsReader));
    const found = await findCodes(work, sources, { latents, fitter, mirrors, partsReader });
    const drawn = await progress.time('decode', () =>
      Promise.all(
        found.map(({ codes }): Promise<DrawnCodes[]> | DrawnCodes[] =>
          drawing
            ? drawCodes(codes, drawing, drawStyles, model, networks, signal)
            : [{ codes, seed: null }],
        ),
      ),
    );
    const variants = sources.flatMap((source, region) =>
      drawn[region]!.map((each, index) => ({
        ...each,
        source,
        before: found[region]!.before,
        unlit: found[region]!.unlit,
        faceNumber: job.regions[region]!.faceNumber,
        variant: index + 1,
      })),
    );

    const drawFaces = createFaceDrawer(work, faces, partsReader);
    // Batch by batch, so that only one is held, however many variants there are.
    for (const batch of batches(variants, networks.decodeBatch)) {
      const drawnFaces = await progress.time('decode', () => drawFaces(batch));
      progress.advance('decode', batch.length);
      const planned: PlannedPatch[] = [];
      for (const [i, { source }] of batch.entries()) {
        if (isLongPlaced(source.placement)) await engine.release();
        const plan = () =>
          planPatch(drawnFaces[i]!, source.placement, operation.declaration.composition, bands);
        planned.push(await progress.time('paste', plan));
      }
      const scores = await progress.time('paste', () =>
        score(
          batch.map(({ source }, i) => ({ source, image: planned[i]!.shown() })),
          signal,
        ),
      );
      for (const [i, { codes: latents, before, seed, faceNumber, variant }] of batch.entries()) {
        const placed = await progress.time('paste', () => planned[i]!.place(seed ?? 0));
        const said = {
          name: patchName(operation, faceNumber, model.name, seed),
          faceNumber,
          variant,
          seed,
          model: model.name,
          identity: scores[i]!,
          latents,
          source: before,
        };
        const placing = placings.keep({
          drawn: drawnFaces[i]!,
          placement: batch[i]!.source.placement,
          declaration: operation.declaration,
          parameters,
          said,
        });
        options.onPatch({ ...placed, ...said, placing });
      }
    }
    return progress.timings();
  }

  return {
    report: engine.report,
    models: async () =>
      bestFirst(await models.list()).map((model) => describeModel(model, operations)),
    findFaces: (pixels, options) => faces.find(pixels, options),
    findParts: (pixels, quads, signal) =>
      partsReader.read(
        quads.map((quad) => alignFace(pixels, quad, partsSide)),
        signal,
      ),
    selectPart: (pixels, quad, part, signal) => selectPart(pixels, quad, part, partsReader, signal),
    async run(job, options) {
      running += 1;
      try {
        return await run(job, options);
      } finally {
        running -= 1;
      }
    },
    warm: () => warmUp(() => running === 0),
    preview: createPreviewer({ ...parts, partsReader, placings, mirrors }),
    place: createPlaceAgain(placings, bands),
    async close() {
      await Promise.all([engine.close(), bands.close()]);
    },
  };
}
