import type { Latents } from '../../protocol/latents';
import type { ParameterValues } from '../../protocol/parameter';
import { carryOf, hairGain, lightBetween, silhouetteOf, type LitPart } from '../compose';
import type { Point } from '../../protocol/geometry';
import {
  outlineOf,
  type Outline,
  type FaceFinder,
  type FacePlanes,
  type Mesh,
  type PartsReader,
} from '../faces';
import type { DrawnFace } from './composeFace';
import type { EditedCodes } from './editCodes';
import { findPart, lookAtHair } from './lookAtHeads';
import type { Placement } from './placement';
import type { Operation } from '../operations/operation';
import { readHeadParts } from './seatHeads';
import { asideOf, moveAside, offTheWall } from './turnAbout';

interface Edited extends EditedCodes {
  /** What `codes` show. */
  readonly image: FacePlanes;
  /** Whether its head may take the place of the photograph's. */
  readonly replacesHead: boolean;
  /** Whether the photograph shows glasses, so that those it shows itself are in the way. */
  readonly wearsGlasses: boolean;
}

/** What a photograph asks of the pictures that are drawn for it. */
export const askedOf = ({ seat, wears }: Placement) => ({
  replacesHead: seat !== undefined,
  wearsGlasses: Boolean(wears?.glasses),
});

interface Before {
  readonly image: FacePlanes;
  readonly mesh: Mesh | null;
  /** Looked at once, where it is asked for. */
  hair: Promise<LitPart> | null;
}

/** Points to a side: more than a face's oval has. */
const silhouettePoints = 24;

const movedOutline = (mesh: readonly Point[]): Outline => ({
  ...outlineOf(mesh),
  contour: silhouetteOf(mesh, silhouettePoints),
});

const lightOf = (forms: FacePlanes, lit: FacePlanes): DrawnFace['light'] => ({
  stops: lightBetween(forms, lit),
  lit,
});

type Said = Pick<DrawnFace, 'changes' | 'restyled' | 'still'>;

/** What is said of a picture without the one before it. */
export const drawnAlone = (edited: FacePlanes): Omit<DrawnFace, keyof Said> => ({
  edited,
  reconstructed: null,
  carry: null,
  aside: 0,
  outline: null,
  hair: null,
  light: null,
  eyes: null,
  shared: null,
  glasses: null,
  parts: null,
});

/**
 * Puts beside each edited picture the one before the edit, and how the face moved between them. What
 * several edits start from is drawn once, and kept while they follow each other. A model that answers
 * with the changed face by itself edits no codes: there is nothing to compare.
 */
export function createComparison(
  faces: FaceFinder,
  reader: PartsReader,
  decode: (codes: readonly Latents[]) => Promise<readonly FacePlanes[]>,
) {
  let known = new Map<Latents, Before>();

  return async (
    edits: readonly Edited[],
    operation: Operation,
    parameters: ParameterValues,
    signal: AbortSignal,
  ): Promise<DrawnFace[]> => {
    const present = new Map<Latents, Before>();
    for (const { before, codes } of edits) {
      if (before === codes || present.has(before)) continue;
      present.set(before, known.get(before) ?? (await draw(before, signal)));
    }
    known = present;
    const forms: FacePlanes[] = [];
    for (const edit of edits) forms.push(await formsOf(edit, present));
    const meshes = await faces.meshes(forms, signal);
    const said = saidOf(operation, parameters);
    const recolours = operation.recoloursHair?.(parameters) ?? false;
    return Promise.all(
      edits.map(async ({ before, unlit, image, replacesHead, wearsGlasses }, i) => {
        const start = present.get(before);
        if (!start) return { ...drawnAlone(image), ...said };
        const drawnMesh = meshes[i];
        const moves = start.mesh && drawnMesh && !said.still;
        // A head that is replaced is seated where it belongs.
        const aside = moves && !replacesHead ? asideOf(start.mesh, drawnMesh) : 0;
        const edited = moveAside(forms[i]!, aside);
        const wall = aside === 0 ? null : await findPart(forms[i]!, 'background', reader, signal);
        const onHead = drawnMesh && wall ? offTheWall(drawnMesh, wall) : drawnMesh;
        const end = moves && onHead!.map(({ x, y }) => ({ x: x + aside, y }));
        const carry = start.mesh && end ? carryOf(start.mesh, end) : null;
        const outline = carry && end ? movedOutline(end) : null;
        const hair = recolours ? await compareHair(start, edited, signal) : null;
        const light = unlit && lightOf(edited, moveAside(image, aside));
        const reconstructed = start.image;
        const parts = replacesHead ? await readHeadParts(edited, reader, signal) : null;
        const glasses = wearsGlasses ? await findPart(edited, 'glasses', reader, signal) : null;
        return {
          edited,
          reconstructed,
          carry,
          aside,
          outline,
          hair,
          light,
          eyes: null,
          shared: null,
          glasses,
          parts,
          ...said,
        };
      }),
    );
  };

  /** The edited picture before its light changes. */
  async function formsOf(
    { before, unlit, image }: Edited,
    present: ReadonlyMap<Latents, Before>,
  ): Promise<FacePlanes> {
    if (!unlit) return image;
    return unlit === before ? present.get(before)!.image : (await decode([unlit]))[0]!;
  }

  async function draw(codes: Latents, signal: AbortSignal): Promise<Before> {
    const [image] = await decode([codes]);
    const [mesh] = await faces.meshes([image!], signal);
    return { image: image!, mesh: mesh!, hair: null };
  }

  async function compareHair(start: Before, after: FacePlanes, signal: AbortSignal) {
    start.hair ??= lookAtHair(start.image, reader, signal);
    return hairGain(await start.hair, await lookAtHair(after, reader, signal));
  }
}

/** What an operation says of what it draws: what it is about, the face unless it tells, whether from a seed, and whether all keeps still. */
export const saidOf = (operation: Operation, parameters: ParameterValues): Said => ({
  changes: operation.changes ? operation.changes(parameters) : 'face',
  restyled: operation.declaration.variants,
  still: operation.still?.(parameters) ?? false,
});
