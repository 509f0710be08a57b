import type { Direction } from '../../models/readDirections';
import type { Latents } from '../../../protocol/latents';
import type { Mirror } from '../operation';
import { moveCodes, type Amounts } from './moveCodes';

/** How far a head is turned to see how it answers, degrees: mesh and directions are straight that far. */
const probe = 8;
/** Answers beyond these are a mesh that errs. */
const [weakest, strongest] = [0.5, 2];

/** The sliders in degrees, and what the mesh reads more by them. */
const turns = [
  { name: 'head', read: 'yaw', sign: 1 },
  { name: 'nod', read: 'pitch', sign: -1 },
] as const;

/**
 * Amounts in which the head's are such that this head turns by as many degrees: heads answer a
 * direction differently, from half as far to twice, and one small turn tells. Where no face is seen they stay as
 * they are.
 */
export async function inDegrees(
  codes: Latents,
  directions: readonly Direction[],
  amounts: Amounts,
  mirror: Mirror,
): Promise<Amounts> {
  const adjusted: Record<string, number> = { ...amounts };
  for (const { name, read, sign } of turns) {
    const wanted = amounts[name] ?? 0;
    if (wanted === 0) continue;
    const small = Math.sign(wanted) * probe;
    const before = await mirror.pose(codes);
    const after = await mirror.pose(moveCodes(codes, directions, { [name]: small }));
    if (!before || !after) continue;
    const answer = (sign * (after[read] - before[read])) / small;
    adjusted[name] = wanted / Math.min(strongest, Math.max(weakest, answer));
  }
  return adjusted;
}
