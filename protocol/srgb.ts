/** IEC 61966-2-1, of values 0..1. */
export const encodeSrgb = (linear: number): number =>
  linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055;

export const decodeSrgb = (coded: number): number =>
  coded <= 0.04045 ? coded / 12.92 : ((coded + 0.055) / 1.055) ** 2.4;

/**
 * Whether an ICC profile is called sRGB as every screen means it: pixels in it are sRGB as they are.
 * Reads the tag `desc` (ICC.1, 9.2.41), as ASCII or as UTF-16, whatever version wrote it.
 */
export function saysSrgb(profile: Uint8Array): boolean {
  const view = new DataView(profile.buffer, profile.byteOffset, profile.byteLength);
  const word = (at: number): number => (at + 4 <= profile.length ? view.getUint32(at) : 0);
  const count = Math.min(word(128), 256);
  for (let at = 132; at < 132 + count * 12; at += 12) {
    if (word(at) !== descriptionTag) continue;
    const start = word(at + 4);
    const bytes = profile.subarray(start, start + Math.min(word(at + 8), 4096));
    const text = String.fromCharCode(...bytes.filter((byte) => byte !== 0));
    return (
      /sRGB IEC61966-2|sRGB built-in|built-in sRGB|[^\w -]sRGB$/.test(text) && !/linear/i.test(text)
    );
  }
  return false;
}

/** "desc" */
const descriptionTag = 0x64657363;
