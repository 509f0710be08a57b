import { completeParameters } from '../../protocol/parameter';
import type { MadeLayer } from '../../psd';
import type { LayerPatch } from '../processor/job';
import type { Application } from './application';

/** How an application's patches were made, for the files that they go into. */
export function madeLayers(
  { operation, parameters }: Application,
  patches: readonly LayerPatch[],
): MadeLayer[] {
  // Each patch is one variant, of its own seed.
  const { variants, seed: first, ...settings } = completeParameters(operation, parameters);
  void [variants, first];
  return patches.map(({ name, model, seed }) => ({
    name,
    operation: operation.id,
    model,
    seed,
    settings,
  }));
}
