import type { Latents } from '../../protocol/latents';
import { carryOf } from '../compose';
import { outlineOf, type FaceFinder, type FacePlanes } from '../faces';
import type { DrawnFace } from './composeFace';

type Compared = Omit<DrawnFace, 'changes' | 'restyled' | 'hair' | 'eyes'>;

interface Edited {
  /** Codes before the edit, one object a face, and after it: the same object where none took place. */
  readonly before: Latents;
  readonly codes: Latents;
  readonly image: FacePlanes;
}

interface Before {
  readonly image: FacePlanes;
  readonly mesh: Awaited<ReturnType<FaceFinder['meshes']>>[number];
}

/**
 * Puts beside each edited picture the one before the edit, and how the face moved between them. What
 * several edits start from is drawn once, and kept while they follow each other. A model that answers
 * with the changed face by itself edits no codes: there is nothing to compare.
 */
export function createComparison(
  faces: FaceFinder,
  decode: (codes: readonly Latents[]) => Promise<readonly FacePlanes[]>,
) {
  let known = new Map<Latents, Before>();

  return async (edits: readonly Edited[], signal: AbortSignal): Promise<Compared[]> => {
    const present = new Map<Latents, Before>();
    for (const { before, codes } of edits) {
      if (before === codes || present.has(before)) continue;
      present.set(before, known.get(before) ?? (await draw(before, signal)));
    }
    known = present;
    const meshes = await faces.meshes(
      edits.map(({ image }) => image),
      signal,
    );
    return edits.map(({ before, image }, i) => {
      const start = present.get(before);
      if (!start) return { edited: image, reconstructed: null, carry: null, outline: null };
      const end = meshes[i];
      const carry = start.mesh && end ? carryOf(start.mesh, end) : null;
      const outline = carry && end ? outlineOf(end) : null;
      return { edited: image, reconstructed: start.image, carry, outline };
    });
  };

  async function draw(codes: Latents, signal: AbortSignal): Promise<Before> {
    const [image] = await decode([codes]);
    const [mesh] = await faces.meshes([image!], signal);
    return { image: image!, mesh: mesh! };
  }
}
