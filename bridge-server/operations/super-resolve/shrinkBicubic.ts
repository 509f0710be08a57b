/**
 * Shrinks planes by a whole factor and enlarges them again, as the super-resolution experiment of the
 * paper prepares its inputs: Keys' cubic kernel with a = −0.5, stretched by the factor when shrinking
 * (antialiased). Factor 1 answers the planes unchanged: the filter itself would blur them.
 * @param planes [C, size, size]
 */
export function shrinkBicubic(planes: Float32Array, size: number, factor: number): Float32Array {
  if (factor === 1) return planes;
  const small = Math.max(1, Math.round(size / factor));
  const channels = planes.length / (size * size);
  const down = weights(size, small);
  const up = weights(small, size);
  const result = new Float32Array(planes.length);
  for (let c = 0; c < channels; c += 1) {
    const plane = planes.subarray(c * size * size, (c + 1) * size * size);
    const shrunk = resampleBothWays(plane, size, down);
    result.set(resampleBothWays(shrunk, small, up), c * size * size);
  }
  return result;
}

/** For every output pixel: its first input pixel and the weights from there on. */
interface Tap {
  readonly first: number;
  readonly weights: Float32Array;
}

function keysCubic(x: number): number {
  const t = Math.abs(x);
  if (t < 1) return (1.5 * t - 2.5) * t * t + 1;
  if (t < 2) return ((-0.5 * t + 2.5) * t - 4) * t + 2;
  return 0;
}

function weights(from: number, to: number): Tap[] {
  const scale = from / to;
  const stretch = Math.max(1, scale);
  return Array.from({ length: to }, (_, i) => {
    const centre = (i + 0.5) * scale;
    const first = Math.max(0, Math.floor(centre - 2 * stretch));
    const last = Math.min(from, Math.ceil(centre + 2 * stretch));
    const raw = Float32Array.from({ length: last - first }, (_value, k) =>
      keysCubic((first + k + 0.5 - centre) / stretch),
    );
    const sum = raw.reduce((total, value) => total + value, 0);
    return { first, weights: raw.map((value) => value / sum) };
  });
}

/** A square plane of side `size` resampled to a square of side `taps.length`. */
function resampleBothWays(plane: Float32Array, size: number, taps: readonly Tap[]): Float32Array {
  return resampleRows(resampleRows(plane, size, taps), size, taps);
}

/** Resamples along x and transposes: twice gives both directions and the old orientation. */
function resampleRows(plane: Float32Array, width: number, taps: readonly Tap[]): Float32Array {
  const height = plane.length / width;
  const result = new Float32Array(taps.length * height);
  for (let y = 0; y < height; y += 1) {
    taps.forEach((tap, x) => {
      let sum = 0;
      const start = y * width + tap.first;
      for (let k = 0; k < tap.weights.length; k += 1) sum += tap.weights[k]! * plane[start + k]!;
      result[x * height + y] = sum;
    });
  }
  return result;
}
