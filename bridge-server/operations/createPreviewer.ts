import { createHash } from 'node:crypto';
import { completeParameters } from '../../protocol/parameter';
import type { Latents } from '../../protocol/latents';
import type { PreviewPicture, PreviewRequest } from '../../protocol/preview';
import type { Raster } from '../../protocol/raster';
import { likeness, type Embedding, type FacePlanes, type Identity } from '../faces';
import type { Engine } from '../inference/engine';
import type { ModelStore } from '../models/modelStore';
import { checkLatents } from './checkLatents';
import { findModel } from './findModel';
import { mirrorOf } from './mirror';
import { createNetworks } from './networks';
import type { Registry } from './registry';

export interface PreviewerParts {
  readonly operations: Registry;
  readonly engine: Engine;
  readonly models: ModelStore;
  readonly identity: Identity;
}

/** Faces edited by turns: who they were before is kept. */
const keptFaces = 64;

/** Small pictures of edits, for sliders that move. */
export function createPreviewer({ operations, engine, models, identity }: PreviewerParts) {
  const persons = new Map<string, Embedding>();

  async function person(key: string, draw: () => Promise<FacePlanes>): Promise<Embedding> {
    const known = persons.get(key) ?? (await identity.embed([await draw()]))[0]!;
    persons.delete(key);
    persons.set(key, known);
    if (persons.size > keptFaces) persons.delete(persons.keys().next().value!);
    return known;
  }

  return async (request: PreviewRequest, signal: AbortSignal): Promise<PreviewPicture> => {
    const operation = operations.find(request.operation);
    const parameters = completeParameters(operation.declaration, request.parameters);
    const model = findModel(await models.list(), operation, request.model);
    const codes = checkLatents(request.latents, model);
    const networks = createNetworks(engine, model);
    const mirror = mirrorOf(engine, networks, signal);
    const edited = (await operation.edit?.(codes, parameters, model, mirror)) ?? codes;
    const picture = await networks.preview(edited, signal);
    const key = `${model.checksums.decoder}/${hashOf(codes)}`;
    const before = await person(key, () => networks.preview(codes, signal));
    const [after] = await identity.embed([picture], signal);
    return { pixels: asRaster(picture), identity: likeness(before, after!) };
  };
}

const hashOf = ({ data }: Latents): string =>
  createHash('sha256')
    .update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
    .digest('hex');

function asRaster({ size, rgb }: FacePlanes): Raster {
  const plane = size * size;
  const data = new Uint8Array(plane * 4).fill(255);
  for (let i = 0; i < plane; i += 1) {
    for (let c = 0; c < 3; c += 1) data[i * 4 + c] = Math.round(rgb[c * plane + i]! * 255);
  }
  return { width: size, height: size, data };
}
