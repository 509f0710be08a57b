import { requireUsable } from '../../capture/chooseFaces';
import { PspError } from '../../protocol/errors';
import { transformFace } from '../../protocol/face';
import type { Job, Region, Timing } from '../../protocol/job';
import type { Latents } from '../../protocol/latents';
import type { InstalledModel } from '../../protocol/model';
import {
  completeParameters,
  type ParameterValue,
  type ParameterValues,
} from '../../protocol/parameter';
import { placingNames } from '../../protocol/placing';
import {
  alignFace,
  createPartsReader,
  partsSide,
  type FaceFinder,
  type FacePlanes,
  type Identity,
} from '../faces';
import type { Engine } from '../inference/engine';
import { fitSide } from '../likeness';
import type { ModelPackage, ModelStore } from '../models/modelStore';
import { checkLatents } from './checkLatents';
import { createProgress } from './progress';
import { createComparison, drawnAlone, saidOf } from './compareFaces';
import type { DrawnFace } from './composeFace';
import { canFit, createFitter } from './createFitter';
import { createPreviewer } from './createPreviewer';
import { drawCodes, type DrawnCodes } from './drawCodes';
import { createDrawStyles } from './drawStyles';
import { bestFirst, findModel, serves } from './findModel';
import type { LayerPatch } from './job';
import { createHeldEdits } from './heldEdits';
import { latentKey, type LatentCache } from './latentCache';
import { findEyes, lookAtHeads } from './lookAtHeads';
import { createMirrors } from './mirror';
import { modelInput } from './modelInput';
import { batches, createNetworks, toUnit, type Networks } from './networks';
import { opaqueRaster } from './opaqueRaster';
import type { EncoderSource, Operation } from '../operations/operation';
import { patchName } from './patchName';
import { planPatch, refuseHugeResults, type PlannedPatch } from './placePatch';
import { createPlacingStore } from './placingStore';
import type { Processor, StreamOptions } from './processor';
import { checkRegion, readSource, type Source } from './readSource';
import { drawingValues, likenessOf, placingValues } from '../operations/parameters';
import type { Registry } from '../operations/registry';
import { createScorer } from './scoreLikeness';

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
  const placings = createPlacingStore();
  const fitter = createFitter(engine, latents);
  const mirrors = createMirrors(engine);
  const drawStyles = createDrawStyles();
  const held = createHeldEdits();

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

    const sources = await progress.time('align', async () => {
      const { input, mask } = operation.declaration;
      const read: Source[] = [];
      for (const region of job.regions) {
        checkRegion(region, input);
        const refined = await refineFace(region, options.signal);
        const placing = placingValues(parameters);
        read.push(readSource(refined, model.input.size, input, mask === 'required', placing));
      }
      const changes = operation.declaration.composition === 'change';
      return changes ? lookAtHeads(read, partsReader, options.signal) : read;
    });
    const encoded = await progress.time('encode', () =>
      encodeAll(job, operation, model, networks, sources, parameters, options.signal),
    );
    progress.advance('encode', job.regions.length);
    const fitted: Latents[] = [];
    for (const [i, codes] of encoded.entries()) {
      // Codes that were brought along are what their owner made of them.
      const asked = fitSteps > 0 && !job.regions[i]!.latents;
      fitted.push(
        asked
          ? await progress.time('encode', () => fitOne(codes, sources[i]!.encoderSource))
          : codes,
      );
    }
    const mirror = mirrors(model, networks, options.signal);
    const codes = await progress.time('encode', () =>
      Promise.all(
        fitted.map((region) => operation.edit?.(region, parameters, model, mirror) ?? region),
      ),
    );

    const holdSteps = fitSteps > 0 ? (operation.holds?.(parameters) ?? 0) : 0;
    if (holdSteps > 0) {
      for (const [i, turned] of codes.entries()) {
        // Not turned, as where a model has learned to do it: nothing to hold.
        if (turned === fitted[i]) continue;
        const task = { model, codes: turned, source: sources[i]!.encoderSource };
        codes[i] = await progress.time('encode', () =>
          fitter.hold(task, holdSteps, options.signal),
        );
        held.remember(fitted[i]!, turned, codes[i]);
      }
    }

    async function fitOne(codes: Latents, source: EncoderSource): Promise<Latents> {
      const task = { model, codes, source, wish: operation.fit!(source, parameters), likeness };
      const { onGlimpse } = options;
      onGlimpse?.(opaqueRaster(await networks.preview(codes, options.signal)));
      let done = 0;
      const result = await fitter.fit(task, options.signal, (step) => {
        onGlimpse?.(opaqueRaster({ size: fitSide, rgb: toUnit(step.image) }));
        progress.advance('encode', step.done - done);
        done = step.done;
      });
      progress.advance('encode', fitSteps - done);
      return result;
    }

    const drawn = await progress.time('decode', () =>
      Promise.all(
        codes.map((region): Promise<DrawnCodes[]> | DrawnCodes[] =>
          drawing
            ? drawCodes(region, drawing, drawStyles, model, networks, options.signal)
            : [{ codes: region, seed: null }],
        ),
      ),
    );
    const variants = sources.flatMap((source, region) =>
      drawn[region]!.map((each, index) => ({
        ...each,
        source,
        before: fitted[region]!,
        faceNumber: job.regions[region]!.faceNumber,
        variant: index + 1,
      })),
    );

    const { composition } = operation.declaration;
    const decode = async (latents: readonly Latents[]): Promise<FacePlanes[]> =>
      (await networks.decode(latents, options.signal)).map((values) => ({
        size: model.resolution,
        rgb: toUnit(values),
      }));
    const compare = createComparison(faces, partsReader, decode);
    // Batch by batch, so that only one is held, however many variants there are.
    for (const batch of batches(variants, networks.decodeBatch)) {
      const drawnFaces = await progress.time('decode', async (): Promise<DrawnFace[]> => {
        const images = await decode(batch.map((each) => each.codes));
        if (composition === 'change') {
          const edits = batch.map(({ before, codes: after }, i) => ({
            before,
            codes: after,
            image: images[i]!,
          }));
          return compare(edits, operation, parameters, options.signal);
        }
        const eyes =
          composition === 'fill' ? await findEyes(images, partsReader, options.signal) : null;
        const said = saidOf(operation, parameters);
        return images.map((edited, i) => ({
          ...drawnAlone(edited),
          ...said,
          eyes: eyes?.[i] ?? null,
        }));
      });
      progress.advance('decode', batch.length);
      const planned: PlannedPatch[] = [];
      for (const [i, { source }] of batch.entries()) {
        const plan = () => planPatch(drawnFaces[i]!, source.placement, composition);
        planned.push(await progress.time('paste', plan));
      }
      const scores = await progress.time('paste', () =>
        score(
          batch.map(({ source }, i) => ({ source, image: planned[i]!.shown })),
          options.signal,
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

  /** See `Processor.place`. */
  async function place(
    placing: string,
    changes: Readonly<Record<string, ParameterValue>>,
  ): Promise<LayerPatch> {
    const before = placings.find(placing);
    const { drawn, placement, declaration, said } = before;
    for (const name of Object.keys(changes)) {
      if (placingNames.includes(name)) continue;
      throw new PspError(
        'BAD_INPUT',
        `"${name}" needs the networks. Without them can be changed: ${placingNames.join(', ')}.`,
      );
    }
    const values = completeParameters(declaration, { ...before.parameters, ...changes });
    const planned = await planPatch(
      drawn,
      { ...placement, parameters: placingValues(values) },
      declaration.composition,
    );
    return { ...(await planned.place(said.seed ?? 0)), ...said, placing };
  }

  /** Hosts find faces in a preview; the crop is measured again in the pixels that will change. */
  async function refineFace(region: Region, signal: AbortSignal): Promise<Region> {
    const { face, faceNumber, bounds, pixels } = region;
    if (!face) return region;
    const chosen = { face, faceNumber: faceNumber ?? 1 };
    requireUsable(chosen);
    const { left, top } = bounds;
    const inRegion = transformFace(face, 1, { x: -left, y: -top });
    const found = await faces.refine(pixels, inRegion, { signal });
    const refined = transformFace(found, 1, { x: left, y: top });
    requireUsable({ ...chosen, face: refined });
    return { ...region, face: refined };
  }

  /** Codes of every region: brought along, remembered, or encoded in one batch. */
  async function encodeAll(
    job: Job,
    operation: Operation,
    model: ModelPackage,
    networks: Networks,
    sources: readonly Source[],
    parameters: ParameterValues,
    signal: AbortSignal,
  ): Promise<Latents[]> {
    const inputs = sources.map(({ encoderSource }) =>
      modelInput(operation, encoderSource, parameters, model.input),
    );
    const keys = inputs.map((input) => latentKey(model.checksums.encoder, input));
    const known = job.regions.map(
      (region, i) =>
        (region.latents ? checkLatents(region.latents, model) : undefined) ?? latents.get(keys[i]!),
    );
    const missing = inputs.filter((_, i) => !known[i]);
    const encoded = missing.length > 0 ? await networks.encode(missing, signal) : [];
    return known.map((codes, i) => {
      const result = codes ?? encoded.shift()!;
      if (!codes) latents.set(keys[i]!, result);
      return result;
    });
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
    run,
    preview: createPreviewer({ ...parts, partsReader, placings, mirrors, held }),
    place,
    close: () => engine.close(),
  };
}

function describeModel(model: ModelPackage, operations: Registry): InstalledModel {
  const served = operations.all.filter((operation) => serves(model, operation));
  const { name, resolution, nStyles, domain, licence, attribution, terms, measured } = model;
  const ids = served.map((operation) => operation.declaration.id);
  const { embedded } = model;
  const shown = { resolution, nStyles, domain, licence, attribution, terms, measured, embedded };
  return { name, operations: ids, ...shown, fits: canFit(model) };
}
