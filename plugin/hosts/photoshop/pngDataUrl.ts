import type { Raster } from '../../../protocol/raster';

/*
 * The way back where Photoshop encodes no JPEG. PNG (ISO/IEC 15948): unfiltered 8-bit RGBA rows, stored
 * without compression, because it never leaves memory and the panel waits for it.
 */
export function pngDataUrl(pixels: Raster): string {
  const png = concat([
    Uint8Array.of(137, 80, 78, 71, 13, 10, 26, 10),
    chunk('IHDR', header(pixels)),
    chunk('IDAT', zlibStored(rows(pixels))),
    chunk('IEND', new Uint8Array(0)),
  ]);
  return `data:image/png;base64,${base64(png)}`;
}

function header({ width, height }: Raster): Uint8Array {
  const bytes = new Uint8Array(13);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  // Bit depth 8, colour type 6 (RGBA), no interlace.
  bytes.set([8, 6, 0, 0, 0], 8);
  return bytes;
}

/** Each row after a filter byte of 0. */
function rows({ width, height, data }: Raster): Uint8Array {
  const out = new Uint8Array(height * (width * 4 + 1));
  const shift = data instanceof Uint16Array ? 8 : 0;
  for (let y = 0, to = 0; y < height; y++) {
    to++;
    for (let from = y * width * 4; from < (y + 1) * width * 4; from++) {
      out[to++] = data[from]! >> shift;
    }
  }
  return out;
}

const longestBlock = 0xffff;

/** RFC 1950 around stored blocks of RFC 1951. */
function zlibStored(bytes: Uint8Array): Uint8Array {
  const blocks = Math.ceil(bytes.length / longestBlock);
  const out = new Uint8Array(2 + bytes.length + blocks * 5 + 4);
  const view = new DataView(out.buffer);
  view.setUint16(0, 0x7801);
  let to = 2;
  for (let from = 0; from < bytes.length; from += longestBlock) {
    const block = bytes.subarray(from, from + longestBlock);
    out[to] = from + longestBlock >= bytes.length ? 1 : 0;
    view.setUint16(to + 1, block.length, true);
    view.setUint16(to + 3, ~block.length & 0xffff, true);
    out.set(block, to + 5);
    to += block.length + 5;
  }
  view.setUint32(to, adler32(bytes));
  return out;
}

/** RFC 1950. */
function adler32(bytes: Uint8Array): number {
  let [a, b] = [1, 0];
  for (const byte of bytes) {
    a = (a + byte) % 65521;
    b = (b + a) % 65521;
  }
  return ((b << 16) | a) >>> 0;
}

function chunk(type: string, content: Uint8Array): Uint8Array {
  const out = new Uint8Array(content.length + 12);
  const view = new DataView(out.buffer);
  view.setUint32(0, content.length);
  for (let i = 0; i < 4; i++) out[4 + i] = type.charCodeAt(i);
  out.set(content, 8);
  view.setUint32(out.length - 4, crc32(out.subarray(4, out.length - 4)));
  return out;
}

/** CRC-32 of ISO 3309, polynomial 0xedb88320 reflected. */
function crc32(bytes: Uint8Array): number {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** RFC 4648. UXP has no dependable `btoa`. */
function base64(bytes: Uint8Array): string {
  const groups: string[] = [];
  for (let at = 0; at < bytes.length; at += 3) {
    const [a, b, c] = [bytes[at]!, bytes[at + 1], bytes[at + 2]];
    const bits = (a << 16) | ((b ?? 0) << 8) | (c ?? 0);
    groups.push(
      alphabet[bits >> 18]! +
        alphabet[(bits >> 12) & 63]! +
        (b === undefined ? '=' : alphabet[(bits >> 6) & 63]!) +
        (c === undefined ? '=' : alphabet[bits & 63]!),
    );
  }
  return groups.join('');
}
