import { ByteReader } from './byteReader';
import type { ByteSource } from '../bytes';
import type {
  FileRange,
  LayerInfo,
  PsdDocument,
  PsdHeader,
  PsdLayer,
  TaggedBlock,
} from '../document';
import { damaged } from '../errors';
import { readHeader } from './header';
import { MIN_RECORD_BYTES, readLayerRecord, type LayerRecord } from './layerRecord';
import { readResources, resourceId } from './resources';
import { readTaggedBlocks } from './taggedBlocks';

/** Blocks of the layer section that hold the layers of deeper documents. */
const layerBlocks: readonly string[] = ['Lr16', 'Lr32', 'Layr'];

/**
 * Reads what a PSD or PSB file holds and where, without its pixels: some hundred bytes per layer,
 * whatever the file's size.
 * @throws PsdError NOT_PSD or DAMAGED, saying what is wrong with which part.
 */
export async function readStructure(source: ByteSource): Promise<PsdDocument> {
  const reader = new ByteReader(source, 0, source.size);
  const header = await readHeader(reader);
  reader.skip(await reader.uint32('the colour table'), 'the colour table');
  const resources = await readSection(reader, false, 'the image resources');
  const resourceRange = rangeOf(resources);
  const blocks = await readResources(resources);
  const icc = blocks.find((block) => block.id === resourceId.iccProfile && block.length > 0);
  const section = await readSection(reader, header.large, 'the layer section');
  const layerSection = rangeOf(section);
  const { layerInfo, layers } = await readLayerSection(section, header);
  if (reader.remaining < 2) throw damaged('it ends before the flattened preview');
  return {
    header,
    size: source.size,
    resources: { ...resourceRange, blocks },
    layerSection,
    layerInfo,
    layers,
    preview: { offset: reader.position, length: reader.remaining },
    iccProfile: icc ? { offset: icc.offset, length: icc.length } : null,
  };
}

/** A length field and a reader of what it spans; the outer reader steps over it. */
async function readSection(reader: ByteReader, large: boolean, what: string): Promise<ByteReader> {
  const length = await reader.size(large, what);
  const start = reader.position;
  reader.skip(length, what);
  return reader.at(start).within(start + length);
}

/** What a section's reader still has before it. */
const rangeOf = (reader: ByteReader): FileRange => ({
  offset: reader.position,
  length: reader.remaining,
});

const sizeBytes = (large: boolean): 4 | 8 => (large ? 8 : 4);

interface Layers {
  readonly layerInfo: LayerInfo | null;
  readonly layers: readonly PsdLayer[];
}
const noLayers: Layers = { layerInfo: null, layers: [] };

async function readLayerSection(section: ByteReader, header: PsdHeader): Promise<Layers> {
  const lengthBytes = sizeBytes(header.large);
  if (section.remaining < lengthBytes) return noLayers;
  const lengthOffset = section.position;
  const info = await readSection(section, header.large, 'the layer list');
  if (info.remaining >= 2) {
    const found = await readLayerInfo(info, header, { lengthOffset, lengthBytes });
    if (found.layers.length > 0) return found;
  }
  if (section.remaining < 4) return noLayers;
  const globalMask = await section.uint32('the global layer mask');
  // Some writers leave the global mask out and begin the blocks at once.
  if (globalMask > section.remaining) return noLayers;
  section.skip(globalMask, 'the global layer mask');
  const blocks = await readTaggedBlocks(section, header.large, 'the layer section');
  const block = blocks.find(({ key, length }) => layerBlocks.includes(key) && length >= 2);
  return block
    ? readLayerInfo(section.at(block.offset).within(endOf(block)), header, block)
    : noLayers;
}

const endOf = (block: TaggedBlock): number => block.offset + block.length;

async function readLayerInfo(
  reader: ByteReader,
  header: PsdHeader,
  field: Pick<LayerInfo, 'lengthOffset' | 'lengthBytes'>,
): Promise<Layers> {
  const content = rangeOf(reader);
  const signedCount = (await reader.take(2, 'the layer count')).getInt16(0);
  const count = Math.abs(signedCount);
  if (count * MIN_RECORD_BYTES > reader.remaining) {
    throw damaged(`it names ${count} layers, but their list has only ${content.length} bytes`);
  }
  const records: LayerRecord[] = [];
  for (let i = 0; i < count; i++) records.push(await readLayerRecord(reader, header.large));
  const channelsOffset = reader.position;
  const placed = records.map((record) => ({
    ...record,
    channels: record.channels.map((channel) => {
      const offset = reader.position;
      reader.skip(channel.length, `the pixels of the layer "${record.name}"`);
      return { ...channel, offset };
    }),
  }));
  const parents = findParents(records);
  return {
    layerInfo: {
      lengthOffset: field.lengthOffset,
      lengthBytes: field.lengthBytes,
      content,
      channelsOffset,
      channelsEnd: reader.position,
      mergedTransparency: signedCount < 0,
    },
    layers: placed.map((record, index) => ({ ...record, index, parent: parents[index] ?? null })),
  };
}

/** Walks from the top: a group's record opens it, its closing record lies below its members. */
function findParents(records: readonly LayerRecord[]): readonly (number | null)[] {
  const open: number[] = [];
  const parents: (number | null)[] = new Array<number | null>(records.length).fill(null);
  for (let index = records.length - 1; index >= 0; index--) {
    parents[index] = open.at(-1) ?? null;
    const kind = records[index]?.kind;
    if (kind === 'group') open.push(index);
    if (kind === 'group-end') open.pop();
  }
  return parents;
}
