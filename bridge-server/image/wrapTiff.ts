import type { Raster } from '../../protocol/raster';

const short = 3;
const long = 4;
const bytes = 7;

/**
 * The raster as an uncompressed TIFF with an ICC profile, unchanged: the only way to tell libvips
 * which profile raw pixels are in (TIFF 6.0; tag 34675 from the ICC specification, annex B).
 */
export function wrapTiff({ width, height, data }: Raster, profile: Uint8Array): Uint8Array {
  const bits = data.BYTES_PER_ELEMENT * 8;
  const bitsOffset = 8 + 2 + 12 * 12 + 4;
  const profileOffset = bitsOffset + 8;
  const dataOffset = Math.ceil((profileOffset + profile.length) / 4) * 4;
  const tags: readonly (readonly [tag: number, type: number, count: number, value: number])[] = [
    [256, long, 1, width],
    [257, long, 1, height],
    [258, short, 4, bitsOffset],
    [259, short, 1, 1], // no compression
    [262, short, 1, 2], // RGB
    [273, long, 1, dataOffset],
    [277, short, 1, 4],
    [278, long, 1, height],
    [279, long, 1, data.byteLength],
    [284, short, 1, 1], // interleaved
    [338, short, 1, 2], // straight alpha
    [34675, bytes, profile.length, profileOffset],
  ];
  const file = new Uint8Array(dataOffset + data.byteLength);
  const view = new DataView(file.buffer);
  file.set([0x49, 0x49, 42, 0, 8, 0, 0, 0]);
  view.setUint16(8, tags.length, true);
  tags.forEach(([tag, type, count, value], i) => {
    const at = 10 + i * 12;
    view.setUint16(at, tag, true);
    view.setUint16(at + 2, type, true);
    view.setUint32(at + 4, count, true);
    if (type === short && count === 1) view.setUint16(at + 8, value, true);
    else view.setUint32(at + 8, value, true);
  });
  for (let i = 0; i < 4; i += 1) view.setUint16(bitsOffset + i * 2, bits, true);
  file.set(profile, profileOffset);
  file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), dataOffset);
  return file;
}
