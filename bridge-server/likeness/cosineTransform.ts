/** The DCT-II of a square plane along both axes, unscaled: row v, column u. Unlike Fourier's it sees no edge where a picture ends. */
export function cosineTransform(plane: Float32Array, size: number): Float32Array {
  const waves = wavesOf(size);
  return transformRows(transformRows(plane, size, waves), size, waves);
}

/** By lengths, from the whole one down to the first that is odd: 2 · cos((i + ½) · π / n), and that one's own cosines. */
type Waves = ReadonlyMap<number, Float64Array>;

function wavesOf(size: number): Waves {
  const waves = new Map<number, Float64Array>();
  let n = size;
  for (; n % 2 === 0; n /= 2) {
    const wave = (_: unknown, i: number): number => 2 * Math.cos(((i + 0.5) * Math.PI) / n);
    waves.set(n, Float64Array.from({ length: n / 2 }, wave));
  }
  const whole = (_: unknown, k: number): number => Math.cos((k * Math.PI) / (2 * n));
  return waves.set(n, Float64Array.from({ length: 4 * n }, whole));
}

/** Transforms every row and transposes: twice gives both directions and the old orientation. */
function transformRows(plane: Float32Array, size: number, waves: Waves): Float32Array {
  const result = new Float32Array(size * size);
  const row = new Float64Array(size);
  const spare = new Float64Array(size);
  for (let y = 0; y < size; y += 1) {
    row.set(plane.subarray(y * size, (y + 1) * size));
    transform(row, 0, size, spare, waves);
    for (let u = 0; u < size; u += 1) result[u * size + y] = row[u]!;
  }
  return result;
}

/**
 * Σ xᵢ · cos((i + ½) · k · π / n) for every k, in the place of the n values from `start` on: made of the transforms of
 * the sums and of the weighted differences of both ends, each half as long (Lee 1984); by its formula where n is odd.
 */
function transform(
  x: Float64Array,
  start: number,
  n: number,
  spare: Float64Array,
  waves: Waves,
): void {
  const wave = waves.get(n)!;
  const half = n / 2;
  if (n % 2 === 1) {
    for (let k = 0; k < n; k += 1) {
      let sum = 0;
      for (let i = 0; i < n; i += 1) sum += x[start + i]! * wave[((2 * i + 1) * k) % (4 * n)]!;
      spare[start + k] = sum;
    }
    for (let k = start; k < start + n; k += 1) x[k] = spare[k]!;
    return;
  }
  for (let i = 0; i < half; i += 1) {
    const [first, last] = [x[start + i]!, x[start + n - 1 - i]!];
    spare[start + i] = first + last;
    spare[start + half + i] = (first - last) / wave[i]!;
  }
  transform(spare, start, half, x, waves);
  transform(spare, start + half, half, x, waves);
  for (let i = 0; i < half; i += 1) {
    const odd = start + half + i;
    x[start + 2 * i] = spare[start + i]!;
    x[start + 2 * i + 1] = spare[odd]! + (i + 1 < half ? spare[odd + 1]! : 0);
  }
}
