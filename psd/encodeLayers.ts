import { ByteWriter } from './bytes';
import type { PsdBounds, PsdHeader } from './document';
import { boundsHeight, boundsWidth } from './document';
import { componentRows, encodeChannel, type EncodedChannel } from './encodeChannel';
import { colorChannels } from './header';
import type { NewLayer, NewMask, NewPixelLayer } from './newLayer';
import { sampleMaximum, type SampleDepth } from './samples';

/** Layer records and their channels' data, in the file's order. */
export interface EncodedLayers {
  readonly count: number;
  readonly records: Uint8Array;
  readonly channels: readonly EncodedChannel[];
  readonly channelBytes: number;
}

type Target = PsdHeader & { readonly depth: SampleDepth };

/** Bits of a record's flags: Photoshop 5's "bit 4 is meaningful" is always set. */
const flag = { hidden: 0x02, modern: 0x08, noPixels: 0x10 } as const;
const noBounds: PsdBounds = { left: 0, top: 0, right: 0, bottom: 0 };
/** `lsct` types: an open group's record, and the record that closes it below. */
const section = { open: 1, end: 3 } as const;

/** Clipping marks the outermost layers as clipped to the layer below them. */
export function encodeLayers(
  layers: readonly NewLayer[],
  header: Target,
  clipped: boolean,
): EncodedLayers {
  const records = new ByteWriter();
  const channels: EncodedChannel[] = [];
  let count = 0;

  const put = (record: RecordSpec): void => {
    writeRecord(records, header, record);
    channels.push(...record.channels.map(([, channel]) => channel));
    count++;
  };
  const putAll = (list: readonly NewLayer[], clip: boolean): void => {
    for (const layer of list) {
      if (layer.kind === 'pixels') {
        const { bounds } = layer;
        put({ ...layer, bounds, clipped: clip, channels: pixelChannels(layer, header) });
        continue;
      }
      put({ ...groupEnd, channels: emptyChannels(header) });
      putAll(layer.layers, false);
      const group = { ...layer, section: section.open, bounds: noBounds, clipped: clip };
      put({ ...group, channels: [...emptyChannels(header), ...maskChannel(layer.mask, header)] });
    }
  };
  putAll(layers, clipped);
  const channelBytes = channels.reduce((total, channel) => total + channel.byteLength, 0);
  return { count, records: records.bytes(), channels, channelBytes };
}

interface RecordSpec {
  readonly name: string;
  readonly bounds: PsdBounds;
  readonly opacity?: number;
  readonly visible?: boolean;
  readonly clipped: boolean;
  readonly mask?: NewMask;
  readonly section?: 1 | 3;
  readonly channels: readonly (readonly [id: number, channel: EncodedChannel])[];
}

/** Photoshop's own name for the record that closes a group. */
const groupEnd = {
  name: '</Layer group>',
  bounds: noBounds,
  clipped: false,
  section: section.end,
} as const;

function writeRecord(writer: ByteWriter, header: Target, record: RecordSpec): void {
  const isGroup = record.section === section.open;
  writeBounds(writer, record.bounds);
  writer.uint16(record.channels.length);
  for (const [id, channel] of record.channels) {
    writer.int16(id).size(channel.byteLength, header.large);
  }
  writer.ascii('8BIM').ascii(isGroup ? 'pass' : 'norm');
  writer.uint8(Math.round((record.opacity ?? 1) * 255)).uint8(record.clipped ? 1 : 0);
  const hidden = record.visible === false ? flag.hidden : 0;
  writer.uint8(hidden | flag.modern | (record.section ? flag.noPixels : 0)).uint8(0);

  const extra = new ByteWriter();
  writeMask(extra, record.mask);
  writeBlendingRanges(extra, header);
  writePascalName(extra, record.name);
  writeBlock(extra, 'luni', unicodeName(record.name));
  if (record.section) writeBlock(extra, 'lsct', sectionBlock(record.section));
  writer.uint32(extra.length).append(extra.bytes());
}

function writeBounds(writer: ByteWriter, bounds: PsdBounds): void {
  writer.int32(bounds.top).int32(bounds.left).int32(bounds.bottom).int32(bounds.right);
}

function writeMask(writer: ByteWriter, mask: NewMask | undefined): void {
  if (!mask) return void writer.uint32(0);
  writer.uint32(20);
  writeBounds(writer, mask.bounds);
  writer.uint8(mask.defaultColor).zeros(3);
}

/** "Blend if" left wide open: for grey, then for every channel, a source and a destination range. */
function writeBlendingRanges(writer: ByteWriter, header: Target): void {
  const ranges = 2 * (1 + colorChannels(header) + 1);
  writer.uint32(ranges * 4);
  for (let i = 0; i < ranges; i++) writer.uint32(0x0000ffff);
}

/** For readers of before Unicode: what is not ASCII becomes "?". Padded to four bytes. */
function writePascalName(writer: ByteWriter, name: string): void {
  const ascii = name.replace(/[^\x20-\x7e]/gu, '?').slice(0, 255);
  writer.uint8(ascii.length).ascii(ascii);
  writer.zeros((4 - ((1 + ascii.length) % 4)) % 4);
}

function unicodeName(name: string): Uint8Array {
  const writer = new ByteWriter().uint32(name.length);
  for (let i = 0; i < name.length; i++) writer.uint16(name.charCodeAt(i));
  return writer.zeros((4 - (writer.length % 4)) % 4).bytes();
}

function sectionBlock(type: 1 | 3): Uint8Array {
  const writer = new ByteWriter().uint32(type);
  return (type === section.open ? writer.ascii('8BIMpass') : writer).bytes();
}

function writeBlock(writer: ByteWriter, key: string, content: Uint8Array): void {
  writer.ascii('8BIM').ascii(key).uint32(content.length).append(content);
}

type ChannelEntry = readonly [id: number, channel: EncodedChannel];

function pixelChannels(layer: NewPixelLayer, header: Target): readonly ChannelEntry[] {
  const shape = shapeOf(layer.bounds, header);
  const ids = colorChannels(header) === 1 ? [-1, 0] : [-1, 0, 1, 2];
  const pixels = ids.map((id): ChannelEntry => {
    const rows = componentRows(shape, layer.pixels, id === -1 ? 3 : id, 4);
    return [id, encodeChannel(shape, header.large, rows)];
  });
  return [...pixels, ...maskChannel(layer.mask, header)];
}

function maskChannel(mask: NewMask | undefined, header: Target): readonly ChannelEntry[] {
  if (!mask) return [];
  const shape = shapeOf(mask.bounds, header);
  const scale = sampleMaximum(header.depth) / 255;
  const rows = componentRows(shape, mask.pixels, 0, 1, scale);
  return [[-2, encodeChannel(shape, header.large, rows)]];
}

/** Records without pixels list the colour channels too, each with its compression number alone. */
function emptyChannels(header: Target): readonly ChannelEntry[] {
  const ids = colorChannels(header) === 1 ? [-1, 0] : [-1, 0, 1, 2];
  return ids.map((id) => [id, { byteLength: 2, chunks: [new Uint8Array(2)] }]);
}

const shapeOf = (bounds: PsdBounds, header: Target) => ({
  width: boundsWidth(bounds),
  height: boundsHeight(bounds),
  depth: header.depth,
});
