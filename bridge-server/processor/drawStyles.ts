import type { ModelPackage } from '../models/modelStore';
import type { Networks } from './networks';
import { createRandom } from './random';
import { createRecentlyUsed } from './recentlyUsed';

/** Styles whose mean stands for that of W: its error is a thirtieth of their deviation. */
const meanOf = 1024;
/** Models whose mean is remembered. */
const keptMeans = 16;

/** Draws a w for each seed, [styleDim]; at a truncation below 1 nearer to the mean of W. */
export type DrawStyles = (
  seeds: readonly number[],
  truncation: number,
  model: ModelPackage,
  networks: Networks,
  signal: AbortSignal,
) => Promise<Float32Array[]>;

/** With the truncation trick of StyleGAN (Karras et al. 2019, appendix B): w̄ + ψ·(w − w̄). */
export function createDrawStyles(): DrawStyles {
  const means = createRecentlyUsed<Float32Array>(keptMeans, () => 1);

  return async (seeds, truncation, model, networks, signal) => {
    const map = (wanted: readonly number[]): Promise<Float32Array[]> =>
      networks.map(
        wanted.map((seed) => createRandom(seed).normal(model.styleDim)),
        signal,
      );
    const drawn = await map(seeds);
    if (truncation === 1) return drawn;
    const key = model.checksums.mapping;
    const mean =
      means.get(key) ?? meanStyle(await map(Array.from({ length: meanOf }, (_, i) => i)));
    means.set(key, mean);
    return drawn.map((w) => w.map((value, d) => mean[d]! + truncation * (value - mean[d]!)));
  };
}

function meanStyle(styles: readonly Float32Array[]): Float32Array {
  const mean = new Float32Array(styles[0]!.length);
  for (const w of styles) w.forEach((value, d) => (mean[d]! += value / styles.length));
  return mean;
}
