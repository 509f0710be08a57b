import { smoothstep, type FacePlanes } from '../faces';
import type { ComposedFace } from './composedFace';
import { planesOf, resizeGrid, type Grid } from './grid';
import { membrane } from './membrane';

/** Cells known less than this are mixed with what is to be replaced. */
const known = 0.9;
/** The rim's difference is taken this many cells wide, so that its grain is not drawn into the hole. */
const rimCells = 3;

/**
 * The generator's pixels in a hole of the photograph, in its light: the difference along the hole's
 * rim goes in as a membrane (Pérez et al. 2003), so that no step of colour is left there.
 * @param photograph the aligned face without what is in the hole, premultiplied by `there`
 * @param there one plane, 0..1: how much of each cell is photograph
 * @param feather share of the hole's size (the root of its area) over which it fades in, from the rim inwards
 */
export function fillFace(
  image: FacePlanes,
  photograph: Grid,
  there: Grid,
  feather: number,
): ComposedFace {
  const { side } = photograph;
  const coverage = there.planes[0]!;
  const generated = resizeGrid(planesOf(image), side);
  const rim = rimOf(coverage, side);
  const difference = photograph.planes.map((plane, c) =>
    plane.map((value, i) => (rim[i]! > 0 ? value / coverage[i]! - generated.planes[c]![i]! : 0)),
  );
  const light = membrane(difference, rim, side);
  const { size } = image;
  const add = new Float32Array(image.rgb.length);
  light.forEach((plane, c) => {
    const offset = resizeGrid({ side, planes: [plane] }, size).planes[0]!;
    const at = c * size * size;
    for (let i = 0; i < offset.length; i++) add[at + i] = image.rgb[at + i]! + offset[i]!;
  });
  return { size, add, keep: null, mask: featheredHole(coverage, side, feather), carry: null };
}

/** 1 in the photograph's cells nearest to the hole, 0 elsewhere. */
function rimOf(coverage: Float32Array, side: number): Float32Array {
  const near = new Uint8Array(coverage.length);
  for (let i = 0; i < coverage.length; i++) near[i] = coverage[i]! < known ? 1 : 0;
  const distance = distanceTo(near, side);
  return distance.map((cells) => (cells > 0 && cells <= rimCells ? 1 : 0));
}

function featheredHole(coverage: Float32Array, side: number, feather: number): Grid {
  const outside = new Uint8Array(coverage.length);
  let area = 0;
  for (let i = 0; i < coverage.length; i++) {
    outside[i] = coverage[i]! > 1 - known ? 1 : 0;
    area += 1 - coverage[i]!;
  }
  const cells = feather * Math.sqrt(area);
  const distance = distanceTo(outside, side);
  const mask = distance.map((value, i) =>
    cells < 0.5 ? (coverage[i]! < 1 ? 1 : 0) : smoothstep(value / cells),
  );
  return { side, planes: [mask] };
}

/** Distance in cells to the nearest marked one, by two passes of steps of 1 and √2 (Borgefors 1986). */
function distanceTo(marked: Uint8Array, side: number): Float32Array {
  const far = 4 * side;
  const out = Float32Array.from(marked, (value) => (value > 0 ? 0 : far));
  const pass = (from: number, to: number, step: number): void => {
    for (let y = from; y !== to; y += step) {
      for (let x = from; x !== to; x += step) {
        const at = y * side + x;
        let best = out[at]!;
        const back = x - step;
        if (back >= 0 && back < side) best = Math.min(best, out[at - step]! + 1);
        const above = y - step;
        if (above >= 0 && above < side) {
          const row = above * side;
          best = Math.min(best, out[row + x]! + 1);
          if (back >= 0 && back < side) best = Math.min(best, out[row + back]! + Math.SQRT2);
          const ahead = x + step;
          if (ahead >= 0 && ahead < side) best = Math.min(best, out[row + ahead]! + Math.SQRT2);
        }
        out[at] = best;
      }
    }
  };
  pass(0, side, 1);
  pass(side - 1, -1, -1);
  return out;
}
