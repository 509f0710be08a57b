import { ConvertError } from '../errors';
import type { WeightTable } from '../weightTable';
import type { CheckpointFamily } from './family';
import { stylegan2 } from './stylegan2';

const families: readonly CheckpointFamily[] = [stylegan2];

/** @throws ConvertError FOREIGN when the tensors are of no known family. */
export function recogniseFamily(weights: WeightTable): CheckpointFamily {
  const family = families.find((candidate) => candidate.recognises(weights));
  if (family) return family;
  const known = families.map(({ id }) => id).join(', ');
  throw new ConvertError(
    'FOREIGN',
    `${weights.fileName} holds no generator of a known family (${known}).`,
  );
}
