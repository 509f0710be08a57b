import { readAscii, readUint64, type ByteReader } from './byteReader';
import type { LayerKind, LayerMask, PsdBounds, PsdLayer, TaggedBlock } from '../document';
import { damaged } from '../errors';
import { readTaggedBlocks } from './taggedBlocks';

/** A layer record as it lies in the file, before its place among the others is known. */
export interface LayerRecord extends Omit<PsdLayer, 'index' | 'parent' | 'channels'> {
  readonly channels: readonly { readonly id: number; readonly length: number }[];
}

/** Every channel and record needs at least this much: a bound for hostile counts. */
export const MIN_RECORD_BYTES = 34;
const MAX_LAYER_CHANNELS = 56;

/** Bits of a layer's and of a mask's flags. */
const layerFlag = { transparencyLocked: 1, hidden: 2 } as const;
const maskFlag = { disabled: 2 } as const;

export async function readLayerRecord(reader: ByteReader, large: boolean): Promise<LayerRecord> {
  const start = reader.position;
  const head = await reader.take(18, 'a layer record');
  const channelCount = head.getUint16(16);
  if (channelCount > MAX_LAYER_CHANNELS) {
    throw damaged(`a layer names ${channelCount} channels, at most ${MAX_LAYER_CHANNELS} exist`);
  }
  const entry = large ? 10 : 6;
  const list = await reader.take(channelCount * entry, "a layer's channel list");
  const channels = Array.from({ length: channelCount }, (_, i) => ({
    id: list.getInt16(i * entry),
    length: large ? readUint64(list, i * entry + 2) : list.getUint32(i * entry + 2),
  }));
  const state = await reader.take(16, 'a layer record');
  const signature = readAscii(state, 0, 4);
  if (signature !== '8BIM') {
    throw damaged(`a layer record at offset ${start} lacks its blend mode signature`);
  }
  const flags = state.getUint8(10);
  const extraEnd = reader.position + state.getUint32(12);
  if (extraEnd > reader.end) throw damaged('a layer record is longer than what holds it');
  const extra = await readExtra(reader, extraEnd, large);
  reader.position = extraEnd;
  const blendMode = readAscii(state, 4, 4);
  return {
    bounds: readBounds(head, 0),
    channels,
    visible: (flags & layerFlag.hidden) === 0,
    opacity: state.getUint8(8) / 255,
    clipped: state.getUint8(9) !== 0,
    ...extra,
    blendMode: extra.sectionBlendMode ?? blendMode,
    locks: {
      ...extra.locks,
      transparency: extra.locks.transparency || (flags & layerFlag.transparencyLocked) !== 0,
    },
    record: { offset: start, length: extraEnd - start },
  };
}

/** Masks, blending ranges, the name and the blocks that later versions added. */
async function readExtra(reader: ByteReader, end: number, large: boolean) {
  const sub = reader.within(end);
  const maskLength = await sub.uint32("a layer's mask");
  const maskEnd = sub.position + maskLength;
  if (maskEnd > end) throw damaged("a layer's mask is longer than its record");
  const mask = maskLength >= 18 ? readMask(await sub.take(18, "a layer's mask")) : null;
  sub.position = maskEnd;
  sub.skip(await sub.uint32("a layer's blending ranges"), "a layer's blending ranges");
  const nameLength = (await sub.peek(1, "a layer's name")).getUint8(0);
  const legacyName = readLegacyName(await sub.take(1 + nameLength, "a layer's name"));
  // The Pascal string is padded to four bytes, the last one perhaps not in full.
  sub.position = Math.min(sub.position + ((4 - ((1 + nameLength) % 4)) % 4), end);
  const blocks = await readTaggedBlocks(sub, large, `the layer "${legacyName}"`);
  return { mask, blocks, ...(await readBlocks(reader, blocks, legacyName)) };
}

async function readBlocks(reader: ByteReader, blocks: readonly TaggedBlock[], legacyName: string) {
  const find = (...keys: string[]) => blocks.find((block) => keys.includes(block.key));
  const view = async (block: TaggedBlock | undefined, least: number) =>
    block && block.length >= least
      ? reader.at(block.offset).take(Math.min(block.length, 4 + 2 * 1024), `"${block.key}"`)
      : null;
  const name = await view(find('luni'), 4);
  const id = await view(find('lyid'), 4);
  const lock = (await view(find('lspf'), 4))?.getUint32(0) ?? 0;
  const section = await view(find('lsct', 'lsdk'), 4);
  const fill = await view(find('iOpa'), 1);
  return {
    name: name ? readUnicode(name) : legacyName,
    id: id?.getUint32(0) ?? null,
    fillOpacity: (fill?.getUint8(0) ?? 255) / 255,
    kind: layerKind(blocks, section?.getUint32(0) ?? 0),
    sectionBlendMode:
      section && section.byteLength >= 12 && isGroup(section.getUint32(0))
        ? readAscii(section, 8, 4)
        : null,
    // Protection block: transparency, pixels, position, and "lock all".
    locks: {
      transparency: (lock & 1) !== 0,
      pixels: (lock & 2) !== 0,
      position: (lock & 4) !== 0,
      all: lock >>> 31 === 1,
    },
    hasVectorMask: find('vmsk', 'vsms') !== undefined,
    hasEffects: find('lfx2', 'lmfx', 'lfxs', 'lrFX') !== undefined,
  };
}

const adjustmentKeys: ReadonlySet<string> = new Set(
  ['brit', 'levl', 'curv', 'expA', 'vibA', 'hue ', 'hue2', 'blnc', 'blwh', 'phfl', 'mixr'].concat([
    'clrL',
    'nvrt',
    'post',
    'thrs',
    'grdm',
    'selc',
    'CgEd',
  ]),
);
const kindByKey: readonly (readonly [LayerKind, ReadonlySet<string>])[] = [
  ['adjustment', adjustmentKeys],
  ['fill', new Set(['SoCo', 'GdFl', 'PtFl'])],
  ['smart-object', new Set(['SoLd', 'SoLE', 'PlLd', 'plLd'])],
  ['text', new Set(['TySh', 'tySh'])],
];

const isGroup = (section: number): boolean => section === 1 || section === 2;

function layerKind(blocks: readonly TaggedBlock[], section: number): LayerKind {
  if (isGroup(section)) return 'group';
  if (section === 3) return 'group-end';
  for (const [kind, keys] of kindByKey) if (blocks.some(({ key }) => keys.has(key))) return kind;
  return 'pixels';
}

const readBounds = (view: DataView, at: number): PsdBounds => ({
  top: view.getInt32(at),
  left: view.getInt32(at + 4),
  bottom: view.getInt32(at + 8),
  right: view.getInt32(at + 12),
});

const readMask = (view: DataView): LayerMask => ({
  bounds: readBounds(view, 0),
  defaultColor: view.getUint8(16) > 127 ? 255 : 0,
  disabled: (view.getUint8(17) & maskFlag.disabled) !== 0,
});

/** A Pascal string in an encoding that the file does not tell: UTF-8 where it is that, else Latin-1. */
function readLegacyName(view: DataView): string {
  const name = readAscii(view, 1, view.byteLength - 1);
  if (!/[\x80-\xff]/.test(name)) return name;
  const hex = (byte: string) => byte.charCodeAt(0).toString(16).padStart(2, '0');
  try {
    return decodeURIComponent(name.replace(/[^a-z0-9]/gi, (byte) => `%${hex(byte)}`));
  } catch {
    return name;
  }
}

/** A count of UTF-16 units, then the units; some writers count closing zeros in. */
function readUnicode(view: DataView): string {
  const count = Math.min(view.getUint32(0), Math.floor((view.byteLength - 4) / 2));
  let text = '';
  for (let i = 0; i < count; i++) text += String.fromCharCode(view.getUint16(4 + i * 2));
  return text.replace(/\0+$/, '');
}
