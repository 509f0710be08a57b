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

/** DCT-II both ways: unlike Fourier's it sees no edge where a picture ends. Row v, column u. */
function cosineTransform(plane: Float32Array, size: number): Float32Array {
  // cos(π k / 2n) for every k of a period.
  const wave = Float64Array.from({ length: 4 * size }, (_, k) => {
    return Math.cos((Math.PI * k) / (2 * size)) / Math.sqrt(size / 2);
  });
  const half = Math.ceil(size / 2);
  const even = new Float32Array(half * half);
  const odd = new Float32Array(half * half);
  for (let u = 0, at = 0; u < 2 * half; u += 2) {
    for (let x = 0; x < half; x += 1, at += 1) {
      even[at] = wave[(u * (2 * x + 1)) % wave.length]!;
      odd[at] = wave[((u + 1) * (2 * x + 1)) % wave.length]!;
    }
  }
  const transformed = transformRows(plane, even, odd, size);
  return transformRows(transformed, even, odd, size);
}

/**
 * Transforms every row and transposes: twice gives both directions and the old orientation. Even waves are the same
 * from both ends of a row, odd ones turned over: each sees half a row, of its ends' sums or differences.
 */
function transformRows(
  plane: Float32Array,
  even: Float32Array,
  odd: Float32Array,
  size: number,
): Float32Array {
  const half = Math.ceil(size / 2);
  const result = new Float32Array(size * size);
  const sums = new Float64Array(half);
  const differences = new Float64Array(half);
  for (let y = 0; y < size; y += 1) {
    const row = y * size;
    for (let x = 0; x < half; x += 1) {
      const [start, end] = [plane[row + x]!, plane[row + size - 1 - x]!];
      // The middle of an odd row is one value.
      sums[x] = x === size - 1 - x ? start : start + end;
      differences[x] = start - end;
    }
    for (let u = 0, at = 0; u < size; u += 2) {
      let [ofSums, ofDifferences] = [0, 0];
      for (let x = 0; x < half; x += 1, at += 1) {
        ofSums += even[at]! * sums[x]!;
        ofDifferences += odd[at]! * differences[x]!;
      }
      result[u * size + y] = ofSums;
      if (u + 1 < size) result[(u + 1) * size + y] = ofDifferences;
    }
  }
  return result;
}
