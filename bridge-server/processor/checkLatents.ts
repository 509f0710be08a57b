import { PspError } from '../../protocol/errors';
import type { Latents } from '../../protocol/latents';
import type { ModelPackage } from '../models/modelStore';

/** @throws PspError BAD_INPUT when the codes are another model's */
export function checkLatents(latents: Latents, model: ModelPackage): Latents {
  const [nStyles, styleDim] = latents.shape;
  if (nStyles === model.nStyles && styleDim === model.styleDim) return latents;
  throw new PspError(
    'BAD_INPUT',
    `These latents are ${nStyles} × ${styleDim}; the model "${model.name}" takes ${model.nStyles} × ${model.styleDim}. Choose the model they were made with.`,
  );
}
