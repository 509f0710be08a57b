import { completeParameters, type ParameterValues } from '../../protocol/parameter';
import type { Latents } from '../../protocol/latents';
import type { PreviewPicture, PreviewRequest } from '../../protocol/preview';
import { previewFace } from '../compose';
import {
  likeness,
  opaqueRaster,
  type Embedding,
  type FaceFinder,
  type FacePlanes,
  type Identity,
  type PartsReader,
} from '../faces';
import type { Engine } from '../inference/engine';
import type { ModelStore } from '../models/modelStore';
import { checkLatents } from './checkLatents';
import { askedOf, createComparison } from './compareFaces';
import { composeFace, seatOf } from './composeFace';
import { editCodes, type EditedCodes } from './editCodes';
import { findModel } from './findModel';
import { hashOfCodes, type Mirrors } from './mirror';
import { createNetworks, type Networks } from './networks';
import { placingValues } from '../operations/parameters';
import type { Operation } from '../operations/operation';
import type { Registry } from '../operations/registry';
import type { PlacingStore } from './placingStore';
import { createRecentlyUsed } from './recentlyUsed';
import { moveAside } from './turnAbout';

export interface PreviewerParts {
  readonly operations: Registry;
  readonly engine: Engine;
  readonly models: ModelStore;
  readonly faces: FaceFinder;
  readonly partsReader: PartsReader;
  readonly identity: Identity;
  readonly placings: PlacingStore;
  readonly mirrors: Mirrors;
}

/** What is known of codes before they are edited. */
interface Unedited {
  readonly codes: Latents;
  readonly picture: FacePlanes;
  readonly compare: ReturnType<typeof createComparison>;
}

/** Faces edited by turns; each takes 2 MB. */
const keptFaces = 8;

/** Half the picture's side: as the layer has it. */
const measuredAt = 128;

/** Small pictures of edits, for sliders that move: what the layer will be, by the same steps. */
export function createPreviewer(parts: PreviewerParts) {
  const { operations, engine, models, faces, partsReader, identity, placings, mirrors } = parts;
  const known = createRecentlyUsed<Unedited>(keptFaces, () => 1);
  const persons = new WeakMap<FacePlanes, Embedding>();

  async function lookAt(
    codes: Latents,
    networks: Networks,
    signal: AbortSignal,
  ): Promise<Unedited> {
    const picture = await draw(codes, networks, signal);
    const decode = async (asked: readonly Latents[]): Promise<FacePlanes[]> =>
      Promise.all(asked.map((each) => (each === codes ? picture : draw(each, networks, signal))));
    return { codes, picture, compare: createComparison(faces, partsReader, decode) };
  }

  /** The edited picture joined with the photograph, as the layer of that result will be. */
  async function compose(
    placing: string,
    { compare }: Unedited,
    drawn: EditedCodes & { readonly image: FacePlanes },
    operation: Operation,
    parameters: ParameterValues,
    signal: AbortSignal,
  ) {
    const { placement } = placings.find(placing);
    const edited = { ...drawn, ...askedOf(placement) };
    const [face] = await compare([edited], operation, parameters, signal);
    const here = { ...placement, parameters: placingValues(parameters) };
    const composed = composeFace(face!, here, operation.declaration.composition, measuredAt);
    const { photograph } = seatOf(face!, here) ?? placement;
    const after = previewFace(composed, photograph);
    return { before: photograph, after, face: moveAside(after, -face!.aside) };
  }

  async function likenessOf(before: FacePlanes, after: FacePlanes, signal: AbortSignal) {
    const person = persons.get(before) ?? (await identity.embed([before], signal))[0]!;
    persons.set(before, person);
    const [seen] = await identity.embed([after], signal);
    return likeness(person, seen!);
  }

  return async (request: PreviewRequest, signal: AbortSignal): Promise<PreviewPicture> => {
    const operation = operations.find(request.operation);
    const parameters = completeParameters(operation.declaration, request.parameters);
    const model = findModel(await models.list(), operation, request.model);
    const networks = createNetworks(engine, model);
    const asked = checkLatents(request.latents, model);
    const key = `${model.checksums.decoder}/${hashOfCodes(asked)}`;
    const unedited = known.get(key) ?? (await lookAt(asked, networks, signal));
    known.set(key, unedited);
    const { codes, picture } = unedited;
    const mirror = mirrors(model, networks, signal);
    const edited = await editCodes(operation, codes, parameters, model, mirror);
    const drawn = { ...edited, image: await draw(edited.codes, networks, signal) };
    const shown =
      request.placing === null
        ? { before: picture, after: drawn.image, face: drawn.image }
        : await compose(request.placing, unedited, drawn, operation, parameters, signal);
    const score = await likenessOf(shown.before, shown.face, signal);
    return { pixels: opaqueRaster(shown.after), identity: score };
  };
}

/** Codes at the preview's size. */
const draw = async (codes: Latents, networks: Networks, signal: AbortSignal): Promise<FacePlanes> =>
  withoutChequers(await networks.preview(codes, signal));

/**
 * A picture without what its finest detail alone draws: the preview's last wavelets are missing, which
 * leaves chequers. Binomial, ¼ ½ ¼ along both axes.
 */
function withoutChequers({ size, rgb }: FacePlanes): FacePlanes {
  const rows = new Float32Array(rgb.length);
  const smooth = new Float32Array(rgb.length);
  for (let at = 0, x = 0; at < rgb.length; at++, x = x === size - 1 ? 0 : x + 1) {
    const [left, right] = [x > 0 ? at - 1 : at, x < size - 1 ? at + 1 : at];
    rows[at] = (rgb[left]! + 2 * rgb[at]! + rgb[right]!) / 4;
  }
  for (
    let at = 0, cell = 0;
    at < rgb.length;
    at++, cell = cell === size * size - 1 ? 0 : cell + 1
  ) {
    const above = cell >= size ? at - size : at;
    const below = cell < size * (size - 1) ? at + size : at;
    smooth[at] = (rows[above]! + 2 * rows[at]! + rows[below]!) / 4;
  }
  return { size, rgb: smooth };
}
