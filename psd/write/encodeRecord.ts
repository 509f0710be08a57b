import { ByteWriter } from '../bytes';
import type { PsdBounds } from '../document';
import type { EncodedChannel } from './encodeChannel';
import { colorChannels, type PixelHeader } from '../read/header';
import type { NewMask } from './newLayer';

/** Bits of a record's flags; Photoshop 5 and later always set `modern`. */
const flag = { transparencyLocked: 0x01, hidden: 0x02, modern: 0x08, noPixels: 0x10 } as const;
/** `lsct` types: an open group's record, and the record that closes it below. */
export const section = { open: 1, end: 3 } as const;

export type ChannelEntry = readonly [id: number, channel: EncodedChannel];

export interface RecordSpec {
  readonly name: string;
  readonly bounds: PsdBounds;
  readonly opacity?: number;
  readonly visible?: boolean;
  readonly clipped: boolean;
  readonly transparencyLocked?: boolean;
  readonly mask?: NewMask;
  readonly section?: 1 | 3;
  readonly channels: readonly ChannelEntry[];
}

export function encodeRecord(header: PixelHeader, record: RecordSpec): Uint8Array {
  const writer = new ByteWriter();
  const isGroup = record.section === section.open;
  writeBounds(writer, record.bounds);
  writer.uint16(record.channels.length);
  for (const [id, channel] of record.channels) {
    writer.int16(id).size(channel.byteLength, header.large);
  }
  writer.ascii('8BIM').ascii(isGroup ? 'pass' : 'norm');
  writer.uint8(Math.round((record.opacity ?? 1) * 255)).uint8(record.clipped ? 1 : 0);
  const flags =
    (record.transparencyLocked ? flag.transparencyLocked : 0) |
    (record.visible === false ? flag.hidden : 0) |
    (record.section ? flag.noPixels : 0);
  writer.uint8(flags | flag.modern).uint8(0);

  const extra = new ByteWriter();
  writeMask(extra, record.mask);
  writeBlendingRanges(extra, header);
  writePascalName(extra, record.name);
  writeBlock(extra, 'luni', unicodeName(record.name));
  if (record.section) writeBlock(extra, 'lsct', sectionBlock(record.section));
  return writer.uint32(extra.length).append(extra.bytes()).bytes();
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
function writeBlendingRanges(writer: ByteWriter, header: PixelHeader): void {
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
