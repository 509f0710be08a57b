import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';
import type { Raster } from '../../protocol/raster';
import type { PictureMetadata } from './pictureMetadata';
import { srgbProfile } from './srgbProfile';

/** What a PNG says beside its pixels. */
export interface PngDescription {
  /** Of the pixels; sRGB where it is `null`. */
  readonly profile: Uint8Array | null;
  readonly metadata: Pick<PictureMetadata, 'pixelsPerInch' | 'exif' | 'xmp'>;
}

const plain: PngDescription = {
  profile: null,
  metadata: { pixelsPerInch: null, exif: null, xmp: null },
};

/** The raster as a PNG of its own depth; an opaque picture is written without alpha. */
export async function encodePng(
  raster: Raster,
  { profile, metadata }: PngDescription = plain,
): Promise<Uint8Array> {
  const { data } = raster;
  const deep = data instanceof Uint16Array;
  const image = sharp(data, {
    raw: { width: raster.width, height: raster.height, channels: 4 },
    limitInputPixels: false,
  }).toColourspace(deep ? 'rgb16' : 'srgb');
  const png = await (isOpaque(raster) ? image.removeAlpha() : image).png().toBuffer();
  // sharp would convert what it tags, so the tags are put in here (PNG, third edition, 11.3).
  const { pixelsPerInch, exif, xmp } = metadata;
  const chunks = [
    chunk('iCCP', latin1('ICC\0\0'), deflateSync(profile ?? (await srgbProfile()))),
    ...(pixelsPerInch ? [chunk('pHYs', physicalSize(pixelsPerInch))] : []),
    ...(exif ? [chunk('eXIf', exif)] : []),
    ...(xmp ? [chunk('iTXt', latin1('XML:com.adobe.xmp\0\0\0\0\0'), xmp)] : []),
  ];
  return Buffer.concat([png.subarray(0, headBytes), ...chunks, ...withoutSize(png)]);
}

/** The chunks after the header but libvips' own pHYs, which it writes for every picture. */
function* withoutSize(png: Buffer): Iterable<Buffer> {
  for (let at = headBytes; at < png.length;) {
    const length = 12 + png.readUInt32BE(at);
    if (png.toString('latin1', at + 4, at + 8) !== 'pHYs') yield png.subarray(at, at + length);
    at += length;
  }
}

/** The signature and IHDR, which every PNG begins with. */
const headBytes = 8 + 25;

function chunk(type: string, ...parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat([latin1(type), ...parts]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length - 4);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}

/** Pixels per metre across and down. */
function physicalSize(pixelsPerInch: number): Buffer {
  const content = Buffer.alloc(9);
  const perMetre = Math.round(pixelsPerInch / 0.0254);
  content.writeUInt32BE(perMetre, 0);
  content.writeUInt32BE(perMetre, 4);
  content.writeUInt8(1, 8);
  return content;
}

const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');

function isOpaque({ data }: Raster): boolean {
  const max = data instanceof Uint16Array ? 65535 : 255;
  for (let i = 3; i < data.length; i += 4) if (data[i] !== max) return false;
  return true;
}
