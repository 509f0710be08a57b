/**
 * PackBits (Apple Technical Note TN1023), the format's run-length code. A header byte n says:
 * 0..127: n + 1 bytes follow as they are; 129..255: the next byte is repeated 257 − n times; 128: nothing.
 */

/** The most bytes that `length` bytes can be packed into. */
export const packedLimit = (length: number): number => length + Math.ceil(length / 128);

/** The fewest bytes that can unpack to `length`: 128 bytes of every two. */
export const packedLeast = (length: number): number => 2 * Math.ceil(length / 128);

/**
 * Packs `length` bytes of `from` into `into`, which has room for `packedLimit(length)` more.
 * @returns where the packed bytes end.
 */
export function packBits(
  from: Uint8Array,
  start: number,
  length: number,
  into: Uint8Array,
  at: number,
): number {
  const end = start + length;
  let position = start;
  let out = at;
  while (position < end) {
    const value = from[position]!;
    let run = position + 1;
    const runLimit = Math.min(end, position + 128);
    while (run < runLimit && from[run] === value) run++;
    if (run - position >= 3 || run - position === end - position) {
      into[out++] = run - position === 1 ? 0 : 257 - (run - position);
      into[out++] = value;
      position = run;
      continue;
    }
    // Literals go on until three equal bytes: a pair inside costs as much as it saves.
    let stop = position + 1;
    const literalLimit = Math.min(end, position + 128);
    while (
      stop < literalLimit &&
      !(stop + 2 < end && from[stop] === from[stop + 1] && from[stop] === from[stop + 2])
    ) {
      stop++;
    }
    into[out++] = stop - position - 1;
    while (position < stop) into[out++] = from[position++]!;
  }
  return out;
}

/** Unpacks into all of `into`; false when the packed bytes end before it is full. */
export function unpackBits(
  from: Uint8Array,
  start: number,
  end: number,
  into: Uint8Array,
  at: number,
  length: number,
): boolean {
  const full = at + length;
  let position = start;
  let out = at;
  while (out < full && position < end) {
    const head = from[position++]!;
    if (head < 128) {
      const stop = Math.min(out + head + 1, full);
      if (position + (stop - out) > end) return false;
      while (out < stop) into[out++] = from[position++]!;
    } else if (head > 128) {
      if (position >= end) return false;
      const stop = Math.min(out + 257 - head, full);
      into.fill(from[position++]!, out, stop);
      out = stop;
    }
  }
  return out === full;
}
