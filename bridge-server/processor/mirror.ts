import { createHash } from 'node:crypto';
import { readPose, type Pose } from '../faces';
import type { Engine } from '../inference/engine';
import type { ModelPackage } from '../models/modelStore';
import { createRecentlyUsed } from './recentlyUsed';
import type { Networks } from './networks';
import type { Mirror } from '../operations/operation';
import type { Latents } from '../../protocol/latents';

/** Poses, a few numbers each: sliders of a working day ask for fewer. */
const keptPoses = 1024;

/** Looks at codes through a model's preview; what was seen is remembered. */
export function createMirrors(engine: Engine) {
  const seen = createRecentlyUsed<{ readonly pose: Pose | null }>(keptPoses, () => 1);
  return (model: ModelPackage, networks: Networks, signal: AbortSignal): Mirror => ({
    async pose(codes) {
      const key = `${model.checksums.decoder}/${hashOfCodes(codes)}`;
      const known = seen.get(key);
      if (known) return known.pose;
      const pose = await readPose(engine, await networks.preview(codes, signal), signal);
      seen.set(key, { pose });
      return pose;
    },
  });
}

export type Mirrors = ReturnType<typeof createMirrors>;

/** Codes by content. */
export const hashOfCodes = ({ data }: Latents): string =>
  createHash('sha256')
    .update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
    .digest('hex');
