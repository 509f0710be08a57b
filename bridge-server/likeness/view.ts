/** Side of the picture that codes are fitted by. */
export const fitSide = 256;

/** What the identity network sees of a picture P: rows · P · columnsᵀ, [side, 256] each. */
export interface View {
  readonly side: number;
  readonly rows: Float32Array;
  readonly columns: Float32Array;
}

/** A square of the aligned crop, as shares of its side. */
interface Square {
  readonly left: number;
  readonly top: number;
  readonly side: number;
}

/** Input side of the identity network. */
const viewSide = 150;

/** face-api's own alignment, which the network was trained on and scores are measured in. */
const network: Square = { left: 0.18, top: 0.285, side: 0.64 };
/** pSp's inner crop, which shows more of hair and brow. */
const inner: Square = { left: 32 / 256, top: 35 / 256, side: 188 / 256 };

/**
 * The crops that fitting looks through by turns: codes that please one crop alone are not yet the
 * person. Mirrored views cost nothing and say the same of the other half.
 * @param resolution side of what the picture really tells apart; finer detail is not looked at
 */
export function fitViews(resolution: number): readonly View[] {
  return [network, inner].flatMap((square) =>
    [false, true].map((mirrored) => viewOf(square, mirrored, resolution)),
  );
}

function viewOf(square: Square, mirrored: boolean, resolution: number): View {
  const rows = sampling(square.top, square.side, false);
  const columns = sampling(square.left, square.side, mirrored);
  if (resolution >= fitSide) return { side: viewSide, rows, columns };
  const limit = throughSide(Math.max(8, Math.round(resolution)));
  return { side: viewSide, rows: product(rows, limit), columns: product(columns, limit) };
}

/** Bilinear sampling of part of a side, [150, 256]. */
function sampling(start: number, length: number, mirrored: boolean): Float32Array {
  const matrix = new Float32Array(viewSide * fitSide);
  for (let i = 0; i < viewSide; i += 1) {
    const at = ((i + 0.5) / viewSide) * length + start;
    addLinear(matrix, mirrored ? viewSide - 1 - i : i, fitSide, at * fitSide - 0.5);
  }
  return matrix;
}

/** A side shrunk to `side` cells by area and enlarged again, [256, 256]. */
function throughSide(side: number): Float32Array {
  const cell = fitSide / side;
  const down = new Float32Array(side * fitSide);
  for (let i = 0; i < side; i += 1) {
    for (let j = Math.floor(i * cell); j < Math.min(fitSide, Math.ceil((i + 1) * cell)); j += 1) {
      const covered = Math.min(j + 1, (i + 1) * cell) - Math.max(j, i * cell);
      down[i * fitSide + j] = Math.max(0, covered) / cell;
    }
  }
  const up = new Float32Array(fitSide * side);
  for (let i = 0; i < fitSide; i += 1) addLinear(up, i, side, (i + 0.5) / cell - 0.5);
  return product(up, down, side);
}

/** Weights of both neighbours of `at` in a row of a matrix with `width` columns. */
function addLinear(matrix: Float32Array, row: number, width: number, at: number): void {
  const low = Math.floor(at);
  const clamped = (index: number): number => row * width + Math.min(width - 1, Math.max(0, index));
  matrix[clamped(low)]! += 1 - (at - low);
  matrix[clamped(low + 1)]! += at - low;
}

/** a [n, inner] · b [inner, 256]. */
function product(a: Float32Array, b: Float32Array, inner = fitSide): Float32Array {
  const rows = a.length / inner;
  const result = new Float32Array(rows * fitSide);
  for (let i = 0; i < rows; i += 1) {
    for (let k = 0; k < inner; k += 1) {
      const factor = a[i * inner + k]!;
      if (factor === 0) continue;
      for (let j = 0; j < fitSide; j += 1) {
        result[i * fitSide + j]! += factor * b[k * fitSide + j]!;
      }
    }
  }
  return result;
}
