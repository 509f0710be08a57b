import type { Latents } from '../../protocol/latents';
import { opaqueRaster, type PartsReader } from '../faces';
import { fitSide } from '../likeness';
import type { EncoderSource } from '../operations/operation';
import { checkLatents } from './checkLatents';
import type { Fitter } from './createFitter';
import { editCodes, type EditedCodes } from './editCodes';
import { latentKey, type LatentCache } from './latentCache';
import { lookAgain } from './lookAgain';
import type { Mirrors } from './mirror';
import { modelInput } from './modelInput';
import { toUnit } from './networks';
import type { Source } from './readSource';
import type { Work } from './work';

export interface CodeParts {
  readonly latents: LatentCache;
  readonly fitter: Fitter;
  readonly mirrors: Mirrors;
  readonly partsReader: PartsReader;
}

/** Encoded, fitted to the photograph, and edited. */
export async function findCodes(
  work: Work,
  sources: readonly Source[],
  parts: CodeParts,
): Promise<readonly EditedCodes[]> {
  const { job, operation, parameters, model, networks, fitSteps, progress, signal } = work;
  const encoded = await progress.time('encode', () => encodeAll(work, sources, parts.latents));
  progress.advance('encode', job.regions.length);
  const fitted: Latents[] = [];
  for (const [i, codes] of encoded.entries()) {
    // Codes that were brought along are what their owner made of them.
    const own = job.regions[i]!.latents !== null;
    const { encoderSource, placement } = sources[i]!;
    // Codes fitted closer to a head turned far show no face when they are turned.
    const likeness = placement.seat && work.likeness === 'closest' ? 'close' : work.likeness;
    const fit = () => fitOne({ ...work, likeness }, codes, encoderSource, parts.fitter);
    const again = () => lookAgain(work, codes, encoderSource, parts.partsReader);
    fitted.push(own ? codes : await progress.time('encode', fitSteps > 0 ? fit : again));
  }
  const mirror = parts.mirrors(model, networks, signal);
  return progress.time('encode', () =>
    Promise.all(fitted.map((codes) => editCodes(operation, codes, parameters, model, mirror))),
  );
}

/** Codes of every region: brought along, remembered, or encoded in one batch. */
async function encodeAll(
  { job, operation, parameters, model, networks, signal }: Work,
  sources: readonly Source[],
  latents: LatentCache,
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

/** How the codes look is shown before the first step and after each. */
async function fitOne(
  { operation, parameters, model, networks, likeness, fitSteps, progress, ...work }: Work,
  codes: Latents,
  source: EncoderSource,
  fitter: Fitter,
): Promise<Latents> {
  const { signal, onGlimpse } = work;
  const task = { model, codes, source, wish: operation.fit!(source, parameters), likeness };
  onGlimpse?.(opaqueRaster(await networks.preview(codes, signal)));
  let done = 0;
  const result = await fitter.fit(task, signal, (step) => {
    onGlimpse?.(opaqueRaster({ size: fitSide, rgb: toUnit(step.image) }));
    progress.advance('encode', step.done - done);
    done = step.done;
  });
  progress.advance('encode', fitSteps - done);
  return result;
}
