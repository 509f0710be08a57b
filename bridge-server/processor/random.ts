/**
 * The project's random numbers: the same for a seed on every machine, for ever.
 * Uniform: PCG-XSH-RR 64/32 (O'Neill 2014), stream 54. Normal: Marsaglia's polar method, which needs
 * only IEEE-exact operations (+ − × ÷ √) besides a logarithm, and that is computed here from the same,
 * because the language leaves the last bits of Math.log open.
 */
export interface Random {
  /** A whole number, 0..2³²−1. */
  uint32(): number;
  /** Standard normal values, N(0, 1). */
  normal(count: number): Float32Array;
}

const multiplier = 6364136223846793005n;
const increment = (54n << 1n) | 1n;
const mask64 = (1n << 64n) - 1n;

/** @param seed a whole number, 0..2³²−1 */
export function createRandom(seed: number): Random {
  let state = 0n;
  const advance = (): bigint => {
    const before = state;
    state = (state * multiplier + increment) & mask64;
    return before;
  };
  advance();
  state = (state + BigInt(seed)) & mask64;
  advance();

  function uint32(): number {
    const before = advance();
    const shifted = Number((((before >> 18n) ^ before) >> 27n) & 0xffffffffn);
    const rotation = Number(before >> 59n);
    return ((shifted >>> rotation) | (shifted << (-rotation & 31))) >>> 0;
  }

  /** Uniform in (−1, 1), never an end. */
  const signed = (): number => (uint32() + 0.5) / 2 ** 31 - 1;

  function normal(count: number): Float32Array {
    const values = new Float32Array(count);
    for (let i = 0; i < count; i += 2) {
      let u: number;
      let v: number;
      let square: number;
      do {
        u = signed();
        v = signed();
        square = u * u + v * v;
      } while (square >= 1 || square === 0);
      const factor = Math.sqrt((-2 * naturalLog(square)) / square);
      values[i] = u * factor;
      if (i + 1 < count) values[i + 1] = v * factor;
    }
    return values;
  }

  return { uint32, normal };
}

/**
 * ln x for 0 < x ≤ 1 to about 1e-15: x = m·2^e with m in (√½, √2], ln m = 2·artanh((m − 1)/(m + 1)).
 */
function naturalLog(x: number): number {
  let mantissa = x;
  let exponent = 0;
  while (mantissa <= Math.SQRT1_2) {
    mantissa *= 2;
    exponent -= 1;
  }
  const t = (mantissa - 1) / (mantissa + 1);
  const square = t * t;
  let sum = 0;
  for (let k = 21; k >= 1; k -= 2) sum = sum * square + 1 / k;
  return 2 * t * sum + exponent * Math.LN2;
}
