/** Interleaved floats with at least two pixels around whatever is read; pixel centres at .5. */
export interface Pixels {
  readonly width: number;
  readonly channels: 3 | 4;
  readonly data: Float32Array;
}

/** Points (x + i·dx, y + i·dy). */
export interface PixelLine {
  readonly x: number;
  readonly y: number;
  readonly dx: number;
  readonly dy: number;
}

/**
 * Keys' cubic (1981, a = −½), its four weights in closed form: the first three channels at every point from `first`
 * to `last` where `wanted` is above 0. It does not antialias.
 * @param out as many channels a point as the pixels have
 */
export function sampleCubic(
  { width, channels, data }: Pixels,
  line: PixelLine,
  first: number,
  last: number,
  wanted: Float32Array,
  out: Float32Array,
): void {
  const stride = width * channels;
  const one = channels;
  const two = 2 * channels;
  const three = 3 * channels;
  for (let i = first; i <= last; i++) {
    if (wanted[i] === 0) continue;
    const x = line.x + i * line.dx - 0.5;
    const y = line.y + i * line.dy - 0.5;
    const left = x | 0;
    const top = y | 0;
    const s = x - left;
    const t = y - top;
    const a0 = ((-0.5 * s + 1) * s - 0.5) * s;
    const a1 = (1.5 * s - 2.5) * s * s + 1;
    const a2 = ((-1.5 * s + 2) * s + 0.5) * s;
    const a3 = (0.5 * s - 0.5) * s * s;
    let weight = ((-0.5 * t + 1) * t - 0.5) * t;
    let r = 0;
    let g = 0;
    let b = 0;
    let p = ((top - 1) * width + left - 1) * channels;
    for (let j = 0; j < 4; j++, p += stride) {
      const q = p + one;
      const u = p + two;
      const v = p + three;
      r += weight * (a0 * data[p]! + a1 * data[q]! + a2 * data[u]! + a3 * data[v]!);
      g += weight * (a0 * data[p + 1]! + a1 * data[q + 1]! + a2 * data[u + 1]! + a3 * data[v + 1]!);
      b += weight * (a0 * data[p + 2]! + a1 * data[q + 2]! + a2 * data[u + 2]! + a3 * data[v + 2]!);
      weight =
        j === 0
          ? (1.5 * t - 2.5) * t * t + 1
          : j === 1
            ? ((-1.5 * t + 2) * t + 0.5) * t
            : (0.5 * t - 0.5) * t * t;
    }
    const to = i * channels;
    out[to] = r;
    out[to + 1] = g;
    out[to + 2] = b;
  }
}
