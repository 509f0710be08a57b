import type { Latents } from '../../protocol/latents';
import type { ModelPackage } from '../models/modelStore';
import type { DrawStyles } from './drawStyles';
import type { Networks } from './networks';
import type { DrawingValues } from '../operations/parameters';
import { mixStyles, styleIndices } from './styles';

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
  { seed, variants, alpha, truncation, styles }: DrawingValues,
  draw: DrawStyles,
  model: ModelPackage,
  networks: Networks,
  signal: AbortSignal,
): Promise<DrawnCodes[]> {
  const seeds = seedsOf(seed, variants);
  const indices = styleIndices(styles, model.styleGroups);
  const w = await draw(seeds, truncation, model, networks, signal);
  return seeds.map((drawn, i) => ({
    codes: mixStyles(codes, w[i]!, indices, alpha),
    seed: drawn,
  }));
}

/** Seeds run through 0..2³²−1 and start over. */
const seedsOf = (first: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => (first + i) >>> 0);
