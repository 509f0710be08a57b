import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';

/** IIM: the notice of copyright and a keyword. */
export const records = Buffer.concat([
  Buffer.of(0x1c, 2, 116, 0, 7),
  Buffer.from('(c) Ana'),
  Buffer.of(0x1c, 2, 25, 0, 5),
  Buffer.from('space'),
]);
const xmp =
  '<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:tiff="http://ns.adobe.com/tiff/1.0/" tiff:Orientation="6" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:rights>(c) Ana</dc:rights></rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>';

/** JPEG's segment APP13: IPTC records and the mark of protection. */
function photoshopSegment(): Buffer {
  const resource = (id: number, content: Buffer): Buffer => {
    const head = Buffer.from('8BIM\0\0\0\0\0\0\0\0', 'latin1');
    head.writeUInt16BE(id, 4);
    head.writeUInt32BE(content.length, 8);
    return Buffer.concat([head, content, Buffer.alloc(content.length % 2)]);
  };
  const body = Buffer.concat([
    Buffer.from('Photoshop 3.0\0', 'latin1'),
    resource(1034, Buffer.of(1)),
    resource(1028, records),
  ]);
  const segment = Buffer.concat([Buffer.of(0xff, 0xed, 0, 0), body]);
  segment.writeUInt16BE(body.length + 2, 2);
  return segment;
}

/** In Display P3 at 300 dpi, held sideways, with EXIF, IPTC, XMP and copyright; 8 × 4 pixels upright. */
export async function photograph(folder: string): Promise<string> {
  const data = Uint8Array.from({ length: 4 * 8 * 3 }, (_, i) => (i * 53) % 256);
  const jpeg = await sharp(data, { raw: { width: 4, height: 8, channels: 3 } })
    .withIccProfile('p3')
    .withExif({ IFD0: { Copyright: '(c) Ana', Orientation: '6' } })
    .withXmp(xmp)
    .withMetadata({ density: 300, orientation: 6, icc: 'p3' })
    .jpeg({ quality: 100, chromaSubsampling: '4:4:4' })
    .toBuffer();
  const file = join(folder, 'photograph.jpg');
  const [start, rest] = [jpeg.subarray(0, 2), jpeg.subarray(2)];
  await writeFile(file, Buffer.concat([start, photoshopSegment(), rest]));
  return file;
}

/** sRGB 192, 32, 64 in Display P3, by the matrices of both (IEC 61966-2-1, SMPTE EG 432-1). */
export const inDisplayP3 = [177, 50, 67];
