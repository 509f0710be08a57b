import type { Grid } from './grid';

/** The least and the greatest value around every cell, plane by plane. */
export interface Extremes {
  readonly least: readonly Float32Array[];
  readonly greatest: readonly Float32Array[];
}

/** Of planes, in every cell of a grid of `cells` a side and the eight around it. */
export const extremesOf = ({ side, planes }: Grid, cells: number): Extremes => ({
  least: planes.map((plane) => furthest(plane, side, cells, Math.min)),
  greatest: planes.map((plane) => furthest(plane, side, cells, Math.max)),
});

type Further = (a: number, b: number) => number;

function furthest(
  plane: Float32Array,
  side: number,
  cells: number,
  further: Further,
): Float32Array {
  const cellOf = Int32Array.from({ length: side }, (_, i) => Math.floor((i * cells) / side));
  const inCell = new Float32Array(cells * cells).fill(further === Math.min ? Infinity : -Infinity);
  for (let y = 0, from = 0; y < side; y++) {
    const row = cellOf[y]! * cells;
    for (let x = 0; x < side; x++, from++) {
      const to = row + cellOf[x]!;
      inCell[to] = further(inCell[to]!, plane[from]!);
    }
  }
  const alongRows = inCell.map((value, i) => {
    const x = i % cells;
    const left = x > 0 ? inCell[i - 1]! : value;
    return further(value, further(left, x < cells - 1 ? inCell[i + 1]! : value));
  });
  return alongRows.map((value, i) => {
    const above = i >= cells ? alongRows[i - cells]! : value;
    const below = i < cells * (cells - 1) ? alongRows[i + cells]! : value;
    return further(value, further(above, below));
  });
}
