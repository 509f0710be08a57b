import { resizeGrid, type Grid } from './grid';
import { toLinear, toSrgb } from './linearLight';

/** How many times as much light of each channel one picture's part gives as another's. */
export type Gain = readonly [number, number, number];

/** A picture's three planes, 0..1, and how much of each of its cells is the part that is looked at. */
export interface Part {
  readonly picture: Grid;
  readonly share: Grid;
}

/** Of parts so dark or pale that their colour says little. */
const [leastGain, mostGain] = [0.15, 6];

/**
 * By the mean light of the part in both pictures; its shapes may differ.
 * @param least share of the picture below which a part says nothing
 * @returns `null` where either picture shows too little of it
 */
export function lightGain(before: Part, after: Part, least: number): Gain | null {
  const [had, has] = [meanLight(before, least), meanLight(after, least)];
  if (!had || !has) return null;
  const [r, g, b] = had.map((light, c) =>
    Math.min(mostGain, Math.max(leastGain, (has[c]! + 1e-3) / (light + 1e-3))),
  );
  return [r!, g!, b!];
}

/** Of each channel; `null` where there is too little of the part. */
export function meanLight({ picture, share }: Part, least: number): readonly number[] | null {
  const { side, planes } = resizeGrid(picture, share.side);
  const weight = share.planes[0]!;
  const total = weight.reduce((sum, value) => sum + value, 0);
  if (total < least * side * side) return null;
  return planes.map(
    (plane) => plane.reduce((sum, value, i) => sum + weight[i]! * toLinear(value), 0) / total,
  );
}

/** A value of 0..1 with `gain` times its light: x ↦ g·x / (1 + (g − 1)·x), black and white stay where they are. */
export function relit(value: number, gain: number): number {
  const light = toLinear(value);
  return toSrgb((gain * light) / (1 + (gain - 1) * light));
}
