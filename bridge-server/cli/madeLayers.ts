import { madeWith } from '../../protocol/madeWith';
import type { MadeLayer } from '../../psd';
import type { LayerPatch } from '../processor/job';
import type { Application } from './application';

/** How an application's patches were made, for the files that they go into. */
export const madeLayers = (
  { operation, parameters }: Application,
  patches: readonly LayerPatch[],
): MadeLayer[] =>
  patches.map((patch) => ({ name: patch.name, ...madeWith(operation, parameters, patch) }));
