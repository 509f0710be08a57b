import type { Grid } from './grid';

/** The least and the greatest value around every cell, plane by plane. */
export interface Extremes {
  readonly least: readonly Float32Array[];
  readonly greatest: readonly Float32Array[];
}

/** Of planes, in every cell of a grid of `cells` a side and the eight around it. */
export function extremesOf({ side, planes }: Grid, cells: number): Extremes {
  const cellOf = Int32Array.from({ length: side }, (_, i) => Math.floor((i * cells) / side));
  const furthest = (sign: 1 | -1) => (plane: Float32Array) =>
    furthestAround(furthestInCells(plane, sign, cellOf, cells), sign, cells);
  return { least: planes.map(furthest(1)), greatest: planes.map(furthest(-1)) };
}

/** Of every cell its least value, or its greatest one turned into the least by its sign. */
function furthestInCells(
  plane: Float32Array,
  sign: 1 | -1,
  cellOf: Int32Array,
  cells: number,
): Float32Array {
  const side = cellOf.length;
  const inCells = new Float32Array(cells * cells).fill(Infinity);
  for (let y = 0, from = 0; y < side; y++) {
    const row = cellOf[y]! * cells;
    for (let x = 0; x < side; x++, from++) {
      const value = sign * plane[from]!;
      const cell = row + cellOf[x]!;
      if (value < inCells[cell]!) inCells[cell] = value;
    }
  }
  return inCells;
}

/** The least of every cell and the eight around it, along rows and then along columns; its sign as it was. */
function furthestAround(inCells: Float32Array, sign: 1 | -1, cells: number): Float32Array {
  const along = inCells.slice();
  for (let y = 0; y < cells; y++) {
    for (let x = 1, at = y * cells + 1; x < cells; x++, at++) {
      const [before, here] = [inCells[at - 1]!, inCells[at]!];
      if (before < along[at]!) along[at] = before;
      if (here < along[at - 1]!) along[at - 1] = here;
    }
  }
  const around = along.slice();
  for (let at = cells; at < around.length; at++) {
    const [above, here] = [along[at - cells]!, along[at]!];
    if (above < around[at]!) around[at] = above;
    if (here < around[at - cells]!) around[at - cells] = here;
  }
  for (let at = 0; at < around.length; at++) around[at]! *= sign;
  return around;
}
