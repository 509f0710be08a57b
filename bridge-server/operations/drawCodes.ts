import type { ParameterValues } from '../../protocol/operation';
import type { Latents } from './job';
import type { Networks } from './networks';
import { createRandom } from './random';
import { mixStyles, styleIndices, type StyleGroups } from './styles';

/** Codes ready to decode, and the seed that drew them; `null` when nothing was drawn. */
export interface DrawnCodes {
  readonly codes: Latents;
  readonly seed: number | null;
}

/**
 * The variants of one picture's codes. Each has a seed of its own, counted up from the first, so that
 * any of them can be made again alone.
 */
export async function drawCodes(
  codes: Latents,
  parameters: ParameterValues,
  networks: Networks,
  groups: StyleGroups,
  signal: AbortSignal,
): Promise<DrawnCodes[]> {
  const seeds = seedsOf(parameters);
  const [, styleDim] = codes.shape;
  const indices = styleIndices(parameters['styles'] as readonly string[], groups);
  const z = seeds.map((seed) => createRandom(seed).normal(styleDim));
  const w = await networks.map(z, signal);
  const alpha = parameters['alpha'] as number;
  return seeds.map((seed, i) => ({ codes: mixStyles(codes, w[i]!, indices, alpha), seed }));
}

/** Seeds run through 0..2³²−1 and start over. */
function seedsOf(parameters: ParameterValues): number[] {
  const first = parameters['seed'] as number;
  return Array.from({ length: parameters['variants'] as number }, (_, i) => (first + i) >>> 0);
}
