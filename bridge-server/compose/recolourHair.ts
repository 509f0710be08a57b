import { smoothstep, type FacePlanes } from '../faces';
import { carryGrid } from './carry';
import type { ComposedFace } from './composedFace';
import { measureSide, planesOf, resizeGrid, type Grid } from './grid';
import { toLinear, toSrgb } from './linearLight';

/** How many times as much light of each channel hair gives after an edit as before it. */
export type HairGain = readonly [number, number, number];

/** A picture and how much of each of its pixels is hair, one plane of 0..1. */
export interface Hair {
  readonly image: FacePlanes;
  readonly share: Grid;
}

/** Of hair so dark or pale that its colour says little. */
const [leastGain, mostGain] = [0.15, 6];
/** A crop with less hair than this share has none to go by. */
const least = 0.005;
/** Recoloured hair that leaves the crop fades to its own colour over this share of the side. */
const fade = 0.14;

/** By the mean light of both pictures' hair; `null` where either shows none. Their shapes may differ. */
export function hairGain(before: Hair, after: Hair): HairGain | null {
  const [had, has] = [meanLight(before), meanLight(after)];
  if (!had || !has) return null;
  const [r, g, b] = had.map((light, c) =>
    Math.min(mostGain, Math.max(leastGain, (has[c]! + 1e-3) / (light + 1e-3))),
  );
  return [r!, g!, b!];
}

function meanLight({ image, share }: Hair): readonly number[] | null {
  const { side, planes } = resizeGrid(planesOf(image), share.side);
  const weight = share.planes[0]!;
  const total = weight.reduce((sum, value) => sum + value, 0);
  if (total < least * side * side) return null;
  return planes.map(
    (plane) => plane.reduce((sum, value, i) => sum + weight[i]! * toLinear(value), 0) / total,
  );
}

/**
 * The photograph's own hair in another light: x ↦ g·x / (1 + (g − 1)·x) in linear light, which leaves black
 * and white where they are. Hairs stay the photograph's, wherever the generator has its own.
 * @param hair of the photograph, in the crop
 */
export function recolourHair(
  composed: ComposedFace,
  photograph: FacePlanes,
  hair: Grid,
  gain: HairGain,
): ComposedFace {
  const { size, carry } = composed;
  const side = Math.min(measureSide, size);
  const moved = (grid: Grid): Grid => (carry ? carryGrid(grid, carry) : grid);
  const share = moved(resizeGrid(hair, side)).planes[0]!.map((value, i) => {
    const [x, y] = [((i % side) + 0.5) / side, (Math.floor(i / side) + 0.5) / side];
    return value * smoothstep(Math.min(x, 1 - x, y, 1 - y) / fade);
  });
  const own = moved(resizeGrid(planesOf(photograph), side));
  const change = own.planes.map((plane, c) =>
    plane.map((value, i) => {
      const light = toLinear(value);
      const g = gain[c]!;
      return share[i]! * (toSrgb((g * light) / (1 + (g - 1) * light)) - value);
    }),
  );
  const fine = resizeGrid({ side, planes: change }, size).planes;
  const plane = size * size;
  const add = composed.add.slice();
  fine.forEach((values, c) => values.forEach((value, i) => (add[c * plane + i]! += value)));
  const mask = resizeGrid(composed.mask, side).planes[0]!;
  const shown = mask.map((value, i) => Math.max(value, smoothstep(share[i]! * 4)));
  return { ...composed, add, mask: { side, planes: [shown] } };
}
