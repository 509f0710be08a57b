import type { Latents } from '../../protocol/latents';
import { hashOfCodes } from './mirror';
import { createRecentlyUsed } from './recentlyUsed';

/** One edit of codes, and what holding it to the person changed; [n_styles · D] each. */
interface Held {
  readonly edit: Float32Array;
  readonly change: Float32Array;
}

export interface HeldEdits {
  /** @param before the codes that were edited */
  remember(before: Latents, edited: Latents, held: Latents): void;
  /** Edited codes with as much of the change as the edit has of the one remembered; as they are without one. */
  likely(before: Latents, edited: Latents): Latents;
}

/** To either side, up and down. */
const keptEdits = 4;
const keptFaces = 16;
/** The cosine from which two edits turn the same way, and how much farther one may go. */
const [sameWay, farthest] = [0.7, 1.25];

/** What holding to the person changed in earlier edits of the same codes: previews have no time to hold. */
export function createHeldEdits(): HeldEdits {
  const known = createRecentlyUsed<readonly Held[]>(keptFaces, () => 1);

  function along(before: Latents, edited: Latents): { held: Held; share: number } | null {
    const edit = difference(edited, before);
    let best: { held: Held; share: number; cosine: number } | null = null;
    for (const held of known.get(hashOfCodes(before)) ?? []) {
      const product = dot(edit, held.edit);
      const square = dot(held.edit, held.edit);
      const cosine = product / Math.sqrt(dot(edit, edit) * square);
      if (cosine < sameWay || cosine <= (best?.cosine ?? 0)) continue;
      best = { held, share: Math.min(farthest, product / square), cosine };
    }
    return best;
  }

  return {
    remember(before, edited, held) {
      const key = hashOfCodes(before);
      const replaced = along(before, edited)?.held;
      const others = (known.get(key) ?? []).filter((each) => each !== replaced);
      const latest = { edit: difference(edited, before), change: difference(held, edited) };
      known.set(key, [latest, ...others].slice(0, keptEdits));
    },
    likely(before, edited) {
      const found = along(before, edited);
      if (!found) return edited;
      const { held, share } = found;
      const data = edited.data.map((value, i) => value + share * held.change[i]!);
      return { data, shape: edited.shape };
    },
  };
}

const difference = (a: Latents, b: Latents): Float32Array =>
  a.data.map((value, i) => value - b.data[i]!);

const dot = (a: Float32Array, b: Float32Array): number =>
  a.reduce((sum, value, i) => sum + value * b[i]!, 0);
