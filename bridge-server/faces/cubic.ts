/** What each place of a line of results is made of: `count` values from `first` on, by their weights. */
export interface Taps {
  readonly first: Int32Array;
  readonly weights: Float32Array;
  readonly count: number;
}

/**
 * The cubic (Keys 1981, a = −½), widened where it shrinks so that it weighs every value around its place.
 * What lies beyond the line's ends counts for the end.
 * @param length of the line that is read
 * @param start where the first result begins on it, and `step` how much of it each covers
 */
export function cubicTaps(length: number, start: number, step: number, results: number): Taps {
  const scale = Math.max(1, step);
  const reach = Math.ceil(4 * scale);
  const count = Math.min(length, reach);
  const first = new Int32Array(results);
  const weights = new Float32Array(results * count);
  for (let i = 0; i < results; i++) {
    const centre = start + (i + 0.5) * step - 0.5;
    const low = Math.floor(centre - 2 * scale) + 1;
    first[i] = Math.max(0, Math.min(length - count, low));
    let total = 0;
    for (let at = low; at < low + reach; at++) {
      const weight = keys(Math.abs(at - centre) / scale);
      const inside = Math.max(0, Math.min(length - 1, at));
      weights[i * count + inside - first[i]!]! += weight;
      total += weight;
    }
    for (let k = i * count; k < (i + 1) * count; k++) weights[k]! /= total;
  }
  return { first, weights, count };
}

const keys = (t: number): number => {
  if (t < 1) return (1.5 * t - 2.5) * t * t + 1;
  return t < 2 ? ((-0.5 * t + 2.5) * t - 4) * t + 2 : 0;
};

/** A plane of `size`² filtered along its rows, then along its columns: `into` is of as many results a side. */
export function filterPlane(
  plane: Float32Array,
  size: number,
  across: Taps,
  down: Taps,
  into: Float32Array,
): void {
  const side = across.first.length;
  const top = down.first[0]!;
  const bottom = down.first[down.first.length - 1]! + down.count;
  const rows = filterRows(plane.subarray(top * size, bottom * size), size, across);
  for (let y = 0; y < side; y++) {
    const result = into.subarray(y * side, (y + 1) * side);
    const weightAt = y * down.count;
    const firstRow = down.first[y]! - top;
    let k = 0;
    // Four rows at once: every result is written a quarter as often.
    for (; k + 4 <= down.count; k += 4) {
      const a = down.weights[weightAt + k]!;
      const b = down.weights[weightAt + k + 1]!;
      const c = down.weights[weightAt + k + 2]!;
      const d = down.weights[weightAt + k + 3]!;
      let from = (firstRow + k) * side;
      for (let x = 0; x < side; x++, from++) {
        result[x]! +=
          a * rows[from]! +
          b * rows[from + side]! +
          c * rows[from + 2 * side]! +
          d * rows[from + 3 * side]!;
      }
    }
    for (; k < down.count; k++) {
      const weight = down.weights[weightAt + k]!;
      if (weight === 0) continue;
      let from = (firstRow + k) * side;
      for (let x = 0; x < side; x++) result[x]! += weight * rows[from++]!;
    }
  }
}

/** Every row filtered along itself. Four at once: their sums wait for each other less than one's own values do. */
export function filterRows(
  plane: Float32Array,
  size: number,
  { first, weights, count }: Taps,
): Float32Array {
  const side = first.length;
  const height = plane.length / size;
  const rows = new Float32Array(height * side);
  for (let y = 0; y < height; y += 4) {
    // The last row again where there are fewer.
    const second = Math.min(1, height - 1 - y);
    const third = Math.min(2, height - 1 - y);
    const fourth = Math.min(3, height - 1 - y);
    let to = y * side;
    for (let x = 0, k = 0; x < side; x++, to++) {
      let a = 0;
      let b = 0;
      let c = 0;
      let d = 0;
      let from = y * size + first[x]!;
      for (const end = k + count; k < end; k++, from++) {
        const weight = weights[k]!;
        a += weight * plane[from]!;
        b += weight * plane[from + second * size]!;
        c += weight * plane[from + third * size]!;
        d += weight * plane[from + fourth * size]!;
      }
      rows[to] = a;
      rows[to + second * side] = b;
      rows[to + third * side] = c;
      rows[to + fourth * side] = d;
    }
  }
  return rows;
}
