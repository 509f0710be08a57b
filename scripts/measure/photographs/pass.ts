import { join } from 'node:path';
import { resizePlanes, type FacePlanes } from '../../../bridge-server/faces';
import type { Engine } from '../../../bridge-server/inference/engine';
import { createModelStore } from '../../../bridge-server/models/modelStore';
import { findModel } from '../../../bridge-server/processor/findModel';
import { createMirrors } from '../../../bridge-server/processor/mirror';
import { createFitter } from '../../../bridge-server/processor/createFitter';
import { createLatentCache } from '../../../bridge-server/processor/latentCache';
import type { EncoderSource } from '../../../bridge-server/operations/operation';
import type { Likeness } from '../../../bridge-server/operations/parameters';
import { createNetworks } from '../../../bridge-server/processor/networks';
import { operations } from '../../../bridge-server/operations/registry';
import { withMask } from '../../../bridge-server/processor/withMask';
import type { Latents } from '../../../protocol/latents';
import { completeParameters } from '../../../protocol/parameter';

/** Side of aligned faces, and of what they are compared at. */
export const size = 256;

const { signal } = new AbortController();
const whole = { left: 0, top: 0, side: 1 };

/** An operation's networks on aligned faces of 256², without composition. */
export interface Pass {
  /** One pass, without refinement. */
  draw(face: FacePlanes, hole?: Float32Array | null): Promise<FacePlanes>;
  /** With the codes fitted to the face before the edit. */
  drawFitted(face: FacePlanes, likeness: Likeness): Promise<FacePlanes>;
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
  const encode = async (source: EncoderSource): Promise<Latents> => {
    const input = withMask(operation.encoderInput(source, parameters), source, model.input.kind);
    const [codes] = await networks.encode([input], signal);
    return codes!;
  };
  const fitter = createFitter(engine, createLatentCache(0));
  return {
    styleDim: model.styleDim,
    edit,
    decode,
    draw: async ({ rgb }, hole = null) => decode(await edit(await encode({ size, rgb, hole }))),
    async drawFitted({ rgb }, likeness) {
      const source = { size, rgb, hole: null };
      const task = { model, codes: await encode(source), source, likeness };
      const wish = operation.fit!(source, parameters);
      const codes = await fitter.fit({ ...task, wish }, signal, () => undefined);
      return decode(await edit(codes));
    },
    async codesOf(z) {
      const [w] = await networks.map([z], signal);
      const data = new Float32Array(model.nStyles * model.styleDim);
      for (let style = 0; style < model.nStyles; style += 1) data.set(w!, style * model.styleDim);
      return { data, shape: [model.nStyles, model.styleDim] };
    },
  };
}
