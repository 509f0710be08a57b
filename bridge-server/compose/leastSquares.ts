export const dot = (a: ArrayLike<number>, b: readonly number[]): number =>
  b.reduce((sum, value, i) => sum + value * a[i]!, 0);

/** Minimises Σ w·(c·t − y)² by the normal equations, a little held to 0. */
export function leastSquares(
  terms: readonly (readonly number[])[],
  values: readonly number[],
  weight: Float32Array,
): Float64Array {
  const n = terms[0]!.length;
  const rows = Array.from({ length: n }, (_, i) => {
    const row = new Float64Array(n + 1);
    row[i] = 1e-6;
    return row;
  });
  terms.forEach((term, k) => {
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) rows[i]![j]! += weight[k]! * term[i]! * term[j]!;
      rows[i]![n]! += weight[k]! * term[i]! * values[k]!;
    }
  });
  // Gauss–Jordan: the matrix is symmetric and positive, pivots need no search.
  for (let i = 0; i < n; i++) {
    const pivot = rows[i]!;
    for (const row of rows) {
      if (row === pivot) continue;
      const factor = row[i]! / pivot[i]!;
      for (let j = i; j <= n; j++) row[j]! -= factor * pivot[j]!;
    }
  }
  return Float64Array.from(rows, (row, i) => row[n]! / row[i]!);
}
