import { cosineTransform } from './cosineTransform';

/** Planes R, G, B of a square picture, [3, size, size]. */
export interface Planes {
  readonly size: number;
  readonly rgb: Float32Array;
}

/**
 * Photographs lose energy as 1/f² (Field 1987); enlarged or blurred ones fall far below that line from
 * where their detail ends. Below this share of the line nothing is told apart any more.
 */
const lost = 0.02;
/** Cells a side, in which the line is drawn: coarse enough for any face that is worth fitting. */
const [lineFrom, lineTo] = [6, 16];
/** Rings of the spectrum that are summed, so that no single edge decides. */
const ring = 4;

/** How many cells along its side a picture really tells apart, at most its size. */
export function trueSide({ size, rgb }: Planes): number {
  const spectrum = cosineTransform(luma(rgb, size), size);
  const energy = new Float64Array(size);
  const count = new Float64Array(size);
  for (let v = 0; v < size; v += 1) {
    addRow(spectrum.subarray(v * size, (v + 1) * size), v, energy, count);
  }
  const level = (from: number, to: number): number => {
    let sum = 0;
    let cells = 0;
    for (let f = Math.max(1, from); f < Math.min(to, size); f += 1) {
      sum += energy[f]!;
      cells += count[f]!;
    }
    return cells === 0 ? 0 : sum / cells;
  };
  const line = level(lineFrom, lineTo);
  let side = lineTo;
  while (side + ring <= size && level(side, side + ring) > lost * line) side += ring;
  return side + ring > size ? size : side;
}

/** A spectrum's row `v`, by how far its frequencies are from 0. */
function addRow(row: Float32Array, v: number, energy: Float64Array, count: Float64Array): void {
  for (let u = 0; u < row.length; u += 1) {
    const radius = Math.round(Math.sqrt(u * u + v * v));
    if (radius === 0 || radius >= row.length) continue;
    // Times f²: level for a photograph.
    const value = row[u]! * radius;
    energy[radius]! += value * value;
    count[radius]! += 1;
  }
}

function luma(rgb: Float32Array, size: number): Float32Array {
  const plane = size * size;
  const grey = new Float32Array(plane);
  for (let i = 0; i < plane; i += 1) {
    grey[i] = 0.299 * rgb[i]! + 0.587 * rgb[plane + i]! + 0.114 * rgb[2 * plane + i]!;
  }
  return grey;
}
