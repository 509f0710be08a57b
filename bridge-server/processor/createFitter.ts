import { createHash } from 'node:crypto';
import type { Latents } from '../../protocol/latents';
import type { Engine } from '../inference/engine';
import type { Graph } from '../inference/graph';
import {
  createFitNetwork,
  fitCodes,
  fitSide,
  fitViews,
  photographQuestion,
  plans,
  type FitNetwork,
  type FitWish,
  type FitStep,
} from '../likeness';
import { fitGraphOf, graphOf, previewGraphOf, type ModelPackage } from '../models/modelStore';
import type { LatentCache } from './latentCache';
import { toSigned, type EncoderSource } from '../operations/operation';
import type { Likeness } from '../operations/parameters';

export interface FitTask {
  readonly model: ModelPackage;
  /** The encoder's answer. */
  readonly codes: Latents;
  readonly source: EncoderSource;
  readonly wish: FitWish;
  readonly likeness: Likeness;
}

export interface Fitter {
  /** Steps at most; 0 where the package's codes cannot be fitted or are not to be. */
  steps(model: ModelPackage, likeness: Likeness): number;
  /**
   * Codes fitted to their source; the same question is answered once.
   * @throws PspError INFERENCE_FAILED, OUT_OF_MEMORY; CANCELLED within one step
   */
  fit(task: FitTask, signal: AbortSignal, onStep: (step: FitStep) => void): Promise<Latents>;
}

/** Whether a package's codes can be fitted to a photograph. */
export const canFit = (model: ModelPackage): boolean =>
  fitGraphOf(model) !== null && model.input.size === fitSide;

export function createFitter(engine: Engine, latents: LatentCache): Fitter {
  return {
    steps: (model, likeness) => (likeness === 'fast' || !canFit(model) ? 0 : plans[likeness].steps),

    async fit({ model, codes, source, wish, likeness }, signal, onStep) {
      const graph = fitGraphOf(model);
      if (likeness === 'fast' || !graph) return codes;
      const key = hashOf(
        `${graph.sha256} ${likeness} ${wish.resolution} ${wish.person}`,
        codes.data,
        source.rgb,
        wish.known,
      );
      const known = latents.get(key);
      if (known) return known;
      const network = networkOf(model, graph);
      const fitted = await fitCodes(
        network,
        codes.data,
        model.nStyles,
        photographQuestion(toSigned(source.rgb), wish),
        fitViews(wish.resolution),
        plans[likeness],
        { signal, onStep },
      );
      const result: Latents = { data: fitted.codes, shape: codes.shape };
      latents.set(key, result);
      return result;
    },
  };

  function networkOf(model: ModelPackage, fit: Graph): FitNetwork {
    const graphs = { fit, preview: previewGraphOf(model)!, decoder: graphOf(model, 'decoder') };
    return createFitNetwork(engine, graphs, [model.nStyles, model.styleDim]);
  }
}

function hashOf(text: string, ...parts: readonly (Float32Array | null)[]): string {
  const hash = createHash('sha256').update(text);
  for (const part of parts) {
    if (part) hash.update(new Uint8Array(part.buffer, part.byteOffset, part.byteLength));
    else hash.update('-');
  }
  return hash.digest('hex');
}
