/*
 * Opaque pixels travel without their alpha: R, G, B. Four of them, words of A, B, G, R to a little-endian machine, are
 * three words without A, and so take hardly longer than to copy.
 */
const alpha = 0xff000000;

/** R, G, B of every pixel of 8 bit; `null` where one is not opaque. */
export function withoutAlpha(rgba: Uint8Array): Uint8Array | null {
  const { buffer, byteOffset, length } = rgba.byteOffset % 4 === 0 ? rgba : rgba.slice();
  const pixels = new Uint32Array(buffer, byteOffset, length / 4);
  if (!isOpaque(pixels)) return null;
  const rgb = new Uint8Array(pixels.length * 3);
  const fours = pixels.length >>> 2;
  const words = new Uint32Array(rgb.buffer, 0, fours * 3);
  for (let i = 0, at = 0; i < fours * 4; i += 4, at += 3) {
    const b = pixels[i + 1]!;
    const c = pixels[i + 2]!;
    words[at] = (pixels[i]! & ~alpha) | (b << 24);
    words[at + 1] = ((b >>> 8) & 0xffff) | (c << 16);
    words[at + 2] = ((c >>> 16) & 0xff) | (pixels[i + 3]! << 8);
  }
  for (let i = fours * 4; i < pixels.length; i += 1) {
    rgb.set(rgba.subarray(4 * i, 4 * i + 3), 3 * i);
  }
  return rgb;
}

/** The opposite. @param rgb a buffer of its own */
export function withAlpha(rgb: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const pixels = new Uint32Array(rgb.length / 3);
  const fours = pixels.length >>> 2;
  const words = new Uint32Array(rgb.buffer, 0, fours * 3);
  for (let i = 0, at = 0; i < fours * 4; i += 4, at += 3) {
    const b = words[at + 1]!;
    const c = words[at + 2]!;
    pixels[i] = words[at]! | alpha;
    pixels[i + 1] = (words[at]! >>> 24) | (b << 8) | alpha;
    pixels[i + 2] = (b >>> 16) | (c << 16) | alpha;
    pixels[i + 3] = (c >>> 8) | alpha;
  }
  for (let i = fours * 4; i < pixels.length; i += 1) {
    pixels[i] = rgb[3 * i]! | (rgb[3 * i + 1]! << 8) | (rgb[3 * i + 2]! << 16) | alpha;
  }
  return new Uint8Array(pixels.buffer);
}

function isOpaque(pixels: Uint32Array): boolean {
  let shared = alpha;
  for (let i = 0; i < pixels.length; i += 1) shared &= pixels[i]!;
  return shared >>> 24 === 0xff;
}
