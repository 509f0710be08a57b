import { readPose } from '../faces';
import type { Engine } from '../inference/engine';
import type { Networks } from './networks';
import type { Mirror } from './operation';

/** Looks at codes through the model's preview. */
export const mirrorOf = (engine: Engine, networks: Networks, signal: AbortSignal): Mirror => ({
  pose: async (codes) => readPose(engine, await networks.preview(codes, signal), signal),
});
