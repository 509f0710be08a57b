import { join } from 'node:path';
import { resizePlanes, type FacePlanes } from '../../../bridge-server/faces';
import type { Engine } from '../../../bridge-server/inference/engine';
import { createModelStore } from '../../../bridge-server/models/modelStore';
import { findModel } from '../../../bridge-server/operations/findModel';
import { createMirrors } from '../../../bridge-server/operations/mirror';
import { createNetworks } from '../../../bridge-server/operations/networks';
import { operations } from '../../../bridge-server/operations/registry';
import { withMask } from '../../../bridge-server/operations/withMask';
import type { Latents } from '../../../protocol/latents';
import { completeParameters } from '../../../protocol/parameter';

/** Side of aligned faces, and of what they are compared at. */
export const size = 256;

const { signal } = new AbortController();
const whole = { left: 0, top: 0, side: 1 };

/** One pass of an operation's networks on aligned faces of 256², without refinement or composition. */
export interface Pass {
  draw(face: FacePlanes, hole?: Float32Array | null): Promise<FacePlanes>;
  /** The operation's edit of codes as they are. */
  edit(codes: Latents): Promise<Latents>;
  decode(codes: Latents): Promise<FacePlanes>;
  /** z [styleDim] → its w in every style. */
  codesOf(z: Float32Array): Promise<Latents>;
  readonly styleDim: number;
}

/** With the model that the packages of a folder have for the operation. */
export async function openPass(engine: Engine, modelsFolder: string, id: string): Promise<Pass> {
  const models = await createModelStore(modelsFolder, join(modelsFolder, 'none')).list();
  const operation = operations.find(id);
  const model = findModel(models, operation, null);
  const networks = createNetworks(engine, model);
  const parameters = completeParameters(operation.declaration, {});
  const mirror = createMirrors(engine)(model, networks, signal);

  const edit = async (codes: Latents): Promise<Latents> =>
    (await operation.edit?.(codes, parameters, model, mirror)) ?? codes;
  const decode = async (codes: Latents): Promise<FacePlanes> => {
    const [picture] = await networks.decode([codes], signal);
    const rgb = picture!.map((value) => Math.min(1, Math.max(0, value / 2 + 0.5)));
    return resizePlanes({ size: model.resolution, rgb }, whole, size);
  };
  return {
    styleDim: model.styleDim,
    edit,
    decode,
    async draw({ rgb }, hole = null) {
      const source = { size, rgb, hole };
      const input = withMask(operation.encoderInput(source, parameters), source, model.input.kind);
      const [codes] = await networks.encode([input], signal);
      return decode(await edit(codes!));
    },
    async codesOf(z) {
      const [w] = await networks.map([z], signal);
      const data = new Float32Array(model.nStyles * model.styleDim);
      for (let style = 0; style < model.nStyles; style += 1) data.set(w!, style * model.styleDim);
      return { data, shape: [model.nStyles, model.styleDim] };
    },
  };
}
