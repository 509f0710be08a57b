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
    for (let u = 0; u < size; u += 1) {
      const radius = Math.round(Math.sqrt(u * u + v * v));
      if (radius === 0 || radius >= size) continue;
      // Times f²: level for a photograph.
      energy[radius]! += (spectrum[v * size + u]! * radius) ** 2;
      count[radius]! += 1;
    }
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
  const basis = new Float32Array(size * size);
  // cos(π k / 2n) for every k of a period.
  const wave = Float64Array.from({ length: 4 * size }, (_, k) => {
    return Math.cos((Math.PI * k) / (2 * size)) / Math.sqrt(size / 2);
  });
  for (let u = 0; u < size; u += 1) {
    for (let x = 0; x < size; x += 1) basis[u * size + x] = wave[(u * (2 * x + 1)) % wave.length]!;
  }
  return transformRows(transformRows(plane, basis, size), basis, size);
}

/** Transforms every row and transposes: twice gives both directions and the old orientation. */
function transformRows(plane: Float32Array, basis: Float32Array, size: number): Float32Array {
  const result = new Float32Array(size * size);
  for (let y = 0; y < size; y += 1) {
    for (let u = 0; u < size; u += 1) {
      let sum = 0;
      for (let x = 0; x < size; x += 1) sum += basis[u * size + x]! * plane[y * size + x]!;
      result[u * size + y] = sum;
    }
  }
  return result;
}
