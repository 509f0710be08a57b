import type { Direction } from '../../models/readDirections';
import type { Latents } from '../../../protocol/latents';

/** How far along each direction, by its name, in its unit. */
export type Amounts = Readonly<Record<string, number>>;

/**
 * Codes moved along directions: row s of the codes plus, for every direction that moves style s,
 * amount · step. Amounts beyond a direction's range count as its end.
 * @param reach times the range
 */
export function moveCodes(
  codes: Latents,
  directions: readonly Direction[],
  amounts: Amounts,
  reach = 1,
): Latents {
  const [, styleDim] = codes.shape;
  const data = codes.data.slice();
  for (const { name, min, max, steps } of directions) {
    const amount = Math.min(reach * max, Math.max(reach * min, amounts[name] ?? 0));
    if (amount === 0) continue;
    for (const { from, to, row } of steps) {
      for (let style = from; style < to; style += 1) {
        for (let d = 0; d < styleDim; d += 1) data[style * styleDim + d]! += amount * row[d]!;
      }
    }
  }
  return { data, shape: codes.shape };
}
