import { smoothstep } from '../faces';
import { carryGrid } from './carry';
import { blur, resizeGrid, type Grid } from './grid';
import { dot, leastSquares } from './leastSquares';

/** A cell that has more of it than this says how it moves; fewer cells than these say nothing. */
const [some, fewest] = [0.2, 16];
/** How wide a rim around it moves along, as a share of the side. */
const rim = 0.015;

/** Ways that keep a form: of a flat thing, and of one that bends around a face. */
const ways: readonly ((x: number, y: number) => readonly number[])[] = [
  (x, y) => [1, x, y],
  (x, y) => [1, x, y, x * x],
];

/**
 * A way back on which what is stiff keeps its form: the frame of glasses turns with a face, but is not drawn out with
 * the skin under its ends. It moves halfway between the flat and the bent form: flat alone it tears away from the
 * ears, bent alone its near end is smeared.
 * @param carry as `carryOf` tells it
 * @param stiff how much of each cell of the photograph is stiff, one plane of 0..1
 */
export function stiffened(carry: Grid, stiff: Grid): Grid {
  const { side } = carry;
  const share = carryGrid(resizeGrid(stiff, side), carry).planes[0]!;
  const cells = Array.from(share.keys()).filter((at) => share[at]! > some);
  if (cells.length < fewest) return carry;
  const place = (at: number) =>
    [(at % side) / side - 0.5, Math.floor(at / side) / side - 0.5] as const;
  const weight = Float32Array.from(cells, (at) => share[at]!);
  const held = blur(share, side, rim * side).map((value) => smoothstep(3 * value));
  const planes = carry.planes.map((plane) => {
    const moves = cells.map((at) => plane[at]!);
    const fits = ways.map((terms) => {
      const fit = leastSquares(
        cells.map((at) => terms(...place(at))),
        moves,
        weight,
      );
      return (at: number): number => dot(fit, terms(...place(at)));
    });
    return plane.map((value, at) => {
      if (held[at] === 0) return value;
      const whole = fits.reduce((sum, fit) => sum + fit(at), 0) / fits.length;
      return value + held[at]! * (whole - value);
    });
  });
  return { side, planes };
}
