import type { FacePlanes } from '../faces';
import type { ComposedFace } from './composedFace';
import { blur, measureSide, planesOf, resizeGrid, type Grid } from './grid';
import { resizeSquare } from './resample';

/** Where the pictures differ by this below the photograph's resolution, the generator's detail belongs to something else. */
const otherThing = 0.12;

/**
 * The photograph below its true resolution, the generator above it: X + a · (E − low(E)), with X the
 * photograph as it lies in the layer (enlarged), and a how far the two agree below.
 * @param photograph the aligned face
 * @param trueSide cells a side that the photograph really tells apart over the crop
 */
export function bandFace(
  photograph: FacePlanes,
  image: FacePlanes,
  trueSide: number,
  area: Grid,
): ComposedFace {
  const { size } = image;
  const side = Math.max(8, Math.min(size, Math.round(trueSide)));
  const low = resizeSquare(resizeSquare(image.rgb, size, side), side, size);
  const measure = Math.min(measureSide, size);
  const agrees = agreementBelow(photograph, { size, rgb: low }, measure, side);
  const gain = resizeGrid({ side: measure, planes: [agrees] }, size).planes[0]!;
  const plane = size * size;
  const add = image.rgb.map((value, i) => gain[i % plane]! * (value - low[i]!));
  const everything = new Float32Array(measure * measure).fill(1);
  return {
    size,
    add,
    keep: { side: measure, planes: [everything] },
    mask: area,
    fade: null,
    carry: null,
  };
}

function agreementBelow(
  photograph: FacePlanes,
  low: FacePlanes,
  side: number,
  trueSide: number,
): Float32Array {
  const shown = resizeGrid(planesOf(photograph), side);
  const drawn = resizeGrid(planesOf(low), side);
  const sigma = Math.max(1, side / trueSide);
  const square = new Float32Array(side * side);
  shown.planes.forEach((plane, c) => {
    const difference = blur(
      plane.map((value, i) => value - drawn.planes[c]![i]!),
      side,
      sigma,
    );
    for (let i = 0; i < square.length; i++) square[i]! += difference[i]! ** 2 / 3;
  });
  return blur(square, side, sigma).map((value) => Math.exp(-value / otherThing ** 2));
}
