import { completeParameters } from '../../protocol/parameter';
import type { Latents } from '../../protocol/latents';
import type { PreviewPicture, PreviewRequest } from '../../protocol/preview';
import { likeness, resizePlanes, type Embedding, type Identity } from '../faces';
import type { Engine } from '../inference/engine';
import type { ModelStore } from '../models/modelStore';
import { checkLatents } from './checkLatents';
import { findModel } from './findModel';
import { createMirrors, hashOfCodes } from './mirror';
import { createNetworks, toUnit, type Networks } from './networks';
import { opaqueRaster } from './opaqueRaster';
import type { Registry } from '../operations/registry';

export interface PreviewerParts {
  readonly operations: Registry;
  readonly engine: Engine;
  readonly models: ModelStore;
  readonly identity: Identity;
}

/** What is known of codes before they are edited. */
interface Unedited {
  readonly person: Embedding;
  /** What the decoder's picture has more than the preview's: edits leave most of it as it is. */
  readonly correction: Float32Array;
}

/** Faces edited by turns; each takes 0.8 MB. */
const keptFaces = 8;

/** Small pictures of edits, for sliders that move. */
export function createPreviewer({ operations, engine, models, identity }: PreviewerParts) {
  const known = new Map<string, Unedited>();
  const mirrors = createMirrors(engine);

  async function look(
    key: string,
    codes: Latents,
    networks: Networks,
    signal: AbortSignal,
  ): Promise<Unedited> {
    const found = known.get(key) ?? (await lookAt(codes, networks, signal));
    known.delete(key);
    known.set(key, found);
    if (known.size > keptFaces) known.delete(known.keys().next().value!);
    return found;
  }

  async function lookAt(
    codes: Latents,
    networks: Networks,
    signal: AbortSignal,
  ): Promise<Unedited> {
    const soon = await networks.preview(codes, signal);
    const [decoded] = await networks.decode([codes], signal);
    const exact = { size: Math.sqrt(decoded!.length / 3), rgb: toUnit(decoded!) };
    const drawn = resizePlanes(exact, { left: 0, top: 0, side: 1 }, soon.size);
    const [person] = await identity.embed([drawn], signal);
    return { person: person!, correction: drawn.rgb.map((value, i) => 2 * (value - soon.rgb[i]!)) };
  }

  return async (request: PreviewRequest, signal: AbortSignal): Promise<PreviewPicture> => {
    const operation = operations.find(request.operation);
    const parameters = completeParameters(operation.declaration, request.parameters);
    const model = findModel(await models.list(), operation, request.model);
    const codes = checkLatents(request.latents, model);
    const networks = createNetworks(engine, model);
    const mirror = mirrors(model, networks, signal);
    const edited = (await operation.edit?.(codes, parameters, model, mirror)) ?? codes;
    const key = `${model.checksums.decoder}/${hashOfCodes(codes)}`;
    const { person, correction } = await look(key, codes, networks, signal);
    const picture = await networks.preview(edited, signal, correction);
    const [after] = await identity.embed([picture], signal);
    return { pixels: opaqueRaster(picture), identity: likeness(person, after!) };
  };
}
