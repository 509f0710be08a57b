import type { Metadata } from 'sharp';
import { exifOfTiff, readMemory, uprightExif } from './tiff/exif';
import { readDirectories, type ReadBytes, type TiffDirectory } from './tiff/readDirectories';

/** What a picture file says beside its pixels, as other files can carry it. */
export interface PictureMetadata {
  /** `null` where the file does not say. */
  readonly pixelsPerInch: number | null;
  /** A TIFF block that says upright, as the pixels are. */
  readonly exif: Uint8Array | null;
  /** IIM records. */
  readonly iptc: Uint8Array | null;
  /** An XMP packet. */
  readonly xmp: Uint8Array | null;
  /** Photoshop's mark that the picture is protected. */
  readonly copyrighted: boolean;
}

export async function pictureMetadata(
  metadata: Metadata,
  tiff: { readonly read: ReadBytes; readonly directory: TiffDirectory } | null,
): Promise<PictureMetadata> {
  const { density, exif, iptc, xmp, tifftagPhotoshop } = metadata;
  const resources = photoshopResources(tifftagPhotoshop ?? iptc);
  const block = tiff ? await exifOfTiff(tiff.read, tiff.directory) : exif && tiffBlock(exif);
  const readable = block && (await readDirectories(readMemory(block)));
  const records = resources.get(resource.iptc) ?? iptc;
  return {
    pixelsPerInch: density ?? null,
    exif: block && readable ? await uprightExif(block) : null,
    iptc: records?.[0] === iimMarker ? records : null,
    xmp: xmp ? uprightXmp(xmp) : null,
    copyrighted: resources.get(resource.copyrighted)?.[0] === 1,
  };
}

const iimMarker = 0x1c;
const resource = { iptc: 1028, copyrighted: 1034 } as const;

/** JPEG puts a marker before the block. */
function tiffBlock(exif: Uint8Array): Uint8Array {
  const marker = String.fromCharCode(...exif.subarray(0, 6)) === 'Exif\0\0';
  return marker ? exif.subarray(6) : exif;
}

/** The blocks "8BIM", id, a padded name, length, padded content; behind "Photoshop 3.0" in a JPEG. */
function photoshopResources(block: Uint8Array | undefined): ReadonlyMap<number, Uint8Array> {
  const found = new Map<number, Uint8Array>();
  if (!block) return found;
  const view = new DataView(block.buffer, block.byteOffset, block.byteLength);
  const text = (at: number, length: number): string =>
    String.fromCharCode(...block.subarray(at, at + length));
  const heading = 'Photoshop 3.0\0';
  let at = text(0, heading.length) === heading ? heading.length : 0;
  while (at + 12 <= block.length && text(at, 4) === '8BIM') {
    const id = view.getUint16(at + 4);
    const nameBytes = 1 + view.getUint8(at + 6);
    const lengthAt = at + 6 + nameBytes + (nameBytes % 2);
    if (lengthAt + 4 > block.length) break;
    const length = view.getUint32(lengthAt);
    const content = block.subarray(lengthAt + 4, lengthAt + 4 + length);
    if (content.length < length) break;
    found.set(id, content);
    at = lengthAt + 4 + length + (length % 2);
  }
  return found;
}

/** tiff:Orientation as an attribute or as an element. The packet keeps its length. */
function uprightXmp(xmp: Uint8Array): Uint8Array {
  const text = Buffer.from(xmp).toString('latin1');
  const upright = text
    .replace(/(tiff:Orientation=["'])[1-8]/g, '$11')
    .replace(/(<tiff:Orientation>)[1-8]/g, '$11');
  return Uint8Array.from(Buffer.from(upright, 'latin1'));
}
