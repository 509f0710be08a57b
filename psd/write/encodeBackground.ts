import { readBytes, type ByteSource } from '../bytes';
import type { PsdDocument } from '../document';
import { packedRowTable, type EncodedChannel } from './encodeChannel';
import type { EncodedLayers } from './encodeLayers';
import { encodeRecord } from './encodeRecord';
import { PsdError } from '../errors';
import { colorChannels, requirePixels } from '../read/header';
import { compression, openPreviewPlanes, rowBytes, sum, type Plane } from '../plane';

const COPY_BYTES = 1024 * 1024;

/** A flattened document's picture as its lowest layer, without decoding it. */
export async function encodeBackground(
  source: ByteSource,
  document: PsdDocument,
): Promise<EncodedLayers> {
  const { header } = document;
  requirePixels(header);
  const planes = await openPreviewPlanes(source, document);
  if (!planes) {
    throw new PsdError(
      'UNSUPPORTED',
      'The document is flattened and its picture is ZIP compressed. Save it again in its editor.',
    );
  }
  const channels = planes
    .slice(0, colorChannels(header))
    .map((plane) => copyPlane(source, plane, header.large));
  const records = encodeRecord(header, {
    name: 'Background',
    bounds: { left: 0, top: 0, right: header.width, bottom: header.height },
    clipped: false,
    transparencyLocked: true,
    channels: channels.map((channel, id) => [id, channel]),
  });
  const channelBytes = channels.reduce((total, { byteLength }) => total + byteLength, 0);
  return { count: 1, records, channels, channelBytes };
}

/** A preview's channel and a layer's differ in where the row table stands, not in the rows. */
function copyPlane(source: ByteSource, plane: Plane, large: boolean): EncodedChannel {
  if (plane.kind === 'zip') throw new RangeError('The preview has no ZIP planes.');
  const packed = plane.kind === 'rle';
  const head = new Uint8Array([0, packed ? compression.rle : compression.raw]);
  const table = packed ? packedRowTable(plane.rowLengths, large) : new Uint8Array(0);
  const length = packed ? sum(plane.rowLengths) : rowBytes(plane) * plane.height;
  const chunks = async function* () {
    yield head;
    yield table;
    for (let done = 0; done < length; done += COPY_BYTES) {
      yield await readBytes(source, plane.offset + done, Math.min(COPY_BYTES, length - done));
    }
  };
  return { byteLength: 2 + table.length + length, chunks: chunks() };
}
