import type { Direction } from '../../models/readDirections';
import type { Latents } from '../../../protocol/latents';
import { moveCodes } from '../edit/moveCodes';
import type { Mirror } from '../operation';

/** Passes of measure and correct: directions are straight, heads are not quite. */
const passes = 2;
/** Where the mesh reads 0 of a head that looks straight ahead: the middle of drawn faces. */
const levelPitch = 9;

/**
 * Takes the head's turn and tilt out of codes: measured on the face they show, and again after the
 * first correction. The head's roll is the crop's own: aligned faces are level.
 */
export async function turnToFront(
  codes: Latents,
  directions: readonly Direction[],
  mirror: Mirror,
): Promise<Latents> {
  let amounts = { head: 0, nod: 0 };
  for (let pass = 0; pass < passes; pass += 1) {
    const pose = await mirror.pose(moveCodes(codes, directions, amounts));
    if (pose === null) break;
    amounts = { head: amounts.head - pose.yaw, nod: amounts.nod + pose.pitch - levelPitch };
  }
  return moveCodes(codes, directions, amounts);
}
