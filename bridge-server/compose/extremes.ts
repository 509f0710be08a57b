import type { Grid } from './grid';

/** The least and the greatest value around every cell, plane by plane. */
export interface Extremes {
  readonly least: readonly Float32Array[];
  readonly greatest: readonly Float32Array[];
}

/** Of planes, in every cell of a grid of `cells` a side, no more than the planes have, and the eight around it. */
export function extremesOf({ side, planes }: Grid, cells: number): Extremes {
  const ends = Int32Array.from({ length: cells }, (_, i) => Math.ceil(((i + 1) * side) / cells));
  const inCells = planes.map((plane) => extremesInCells(plane, side, ends));
  return {
    least: inCells.map(({ least }) => furthestAround(least, 1, cells)),
    greatest: inCells.map(({ greatest }) => furthestAround(greatest, -1, cells)),
  };
}

/** Of every cell its least value, and its greatest with its sign turned. @param ends where the cells' rows end */
function extremesInCells(plane: Float32Array, side: number, ends: Int32Array) {
  const cells = ends.length;
  const least = new Float32Array(cells * cells).fill(Infinity);
  const greatest = new Float32Array(cells * cells).fill(Infinity);
  for (let y = 0, from = 0, row = 0; y < side; y++) {
    if (y === ends[row]) row++;
    const end = from + side;
    for (let cell = 0, at = row * cells; cell < cells; cell++, at++) {
      let low = least[at]!;
      let high = -greatest[at]!;
      for (const next = end - side + ends[cell]!; from < next; from++) {
        const value = plane[from]!;
        if (value < low) low = value;
        if (value > high) high = value;
      }
      least[at] = low;
      greatest[at] = -high;
    }
  }
  return { least, greatest };
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
