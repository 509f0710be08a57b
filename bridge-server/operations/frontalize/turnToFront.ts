import type { Direction } from '../../models/readDirections';
import type { Latents } from '../../../protocol/latents';
import { moveCodes } from '../edit/moveCodes';
import type { Mirror } from '../operation';

/** Measures of the pose: directions are straight, heads are not quite. */
const looks = 3;
/** Where the mesh reads 0 of a head that looks straight ahead: the middle of drawn faces. */
const levelPitch = 9;
/** The way back leads to where most faces are: it may be this many times as long as the way out. */
const reach = 2;
/**
 * Degrees that a head answers one of a direction with. It is not trusted to answer weakly: turn and tilt
 * are read off each other's changes too, and what is overdone costs more than what is left.
 */
const [weakest, strongest] = [0.8, 2];

/** One of the two angles, 0 where the head looks straight ahead. */
interface Angle {
  readonly amount: number;
  readonly left: number;
  readonly answer: number;
}

/**
 * Takes the head's turn and tilt out of codes: measured on the face they show, and again after each
 * correction, by which it is learned how far this head follows (the secant method). The head's roll is
 * the crop's own: aligned faces are level.
 */
export async function turnToFront(
  codes: Latents,
  directions: readonly Direction[],
  mirror: Mirror,
): Promise<Latents> {
  let head: Angle | null = null;
  let nod: Angle | null = null;
  let turned = codes;
  for (let look = 0; look < looks; look += 1) {
    const pose = await mirror.pose(turned);
    if (pose === null) break;
    head = follow(head, pose.yaw);
    nod = follow(nod, levelPitch - pose.pitch);
    turned = moveCodes(codes, directions, { head: head.amount, nod: nod.amount }, reach);
  }
  return turned;
}

/** @param left degrees still to be taken away after the last correction */
function follow(last: Angle | null, left: number): Angle {
  if (last === null) return { amount: -left, left, answer: 1 };
  const moved = -last.left / last.answer;
  const measured = Math.abs(moved) < 1 ? 1 : (left - last.left) / moved;
  const answer = Math.min(strongest, Math.max(weakest, measured));
  return { amount: last.amount - left / answer, left, answer };
}
