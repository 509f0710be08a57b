import { toLinear } from '../../../bridge-server/compose/linearLight';
import type { FacePlanes } from '../../../bridge-server/faces';
import { mean } from './faces';

/** A third of what was measured, by something else that was measured of it. */
export interface Third {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  readonly mean: number;
}

/** Means of `values` over the third of them with the lowest `keys`, the middle one and the highest. */
export function thirds(keys: readonly number[], values: readonly number[]): Third[] {
  const order = keys.map((_, i) => i).sort((a, b) => keys[a]! - keys[b]!);
  return [0, 1, 2].map((third) => {
    const [from, to] = [third, third + 1].map((at) => Math.round((at * order.length) / 3));
    const chosen = order.slice(from, to);
    return {
      from: keys[chosen[0]!]!,
      to: keys[chosen.at(-1)!]!,
      count: chosen.length,
      mean: mean(chosen.map((i) => values[i]!)),
    };
  });
}

export const thirdText = ({ from, to, mean: value }: Third): string =>
  `${from.toFixed(0)} to ${to.toFixed(0)}: ${value.toFixed(3)}`;

/** Cheeks, nose and brow in an aligned face: an ellipse, in shares of the side. */
const skin = { x: 0.5, y: 0.56, width: 0.15, height: 0.1 } as const;

/** CIELAB's L* (CIE 15:2004, D65) of an aligned face's skin: the median of an ellipse between brow and mouth. */
export function skinLightness({ size, rgb }: FacePlanes): number {
  const plane = size * size;
  const luminances: number[] = [];
  for (let i = 0; i < plane; i += 1) {
    const x = ((i % size) + 0.5) / size - skin.x;
    const y = (Math.floor(i / size) + 0.5) / size - skin.y;
    if ((x / skin.width) ** 2 + (y / skin.height) ** 2 > 1) continue;
    const [r, g, b] = [rgb[i]!, rgb[plane + i]!, rgb[2 * plane + i]!].map(toLinear);
    luminances.push(0.2126 * r! + 0.7152 * g! + 0.0722 * b!);
  }
  const y = luminances.sort((a, b) => a - b)[luminances.length >> 1]!;
  return y > 0.008856 ? 116 * Math.cbrt(y) - 16 : 903.3 * y;
}
