import { ByteWriter } from '../bytes';
import type { PsdHeader } from '../document';
import type { EncodedLayers } from './encodeLayers';

/** A layer list that is written new: what stands around the channels' data. */
export interface LayerListFrame {
  readonly head: Uint8Array;
  readonly channels: AsyncIterable<Uint8Array>;
  readonly padding: Uint8Array;
  readonly byteLength: number;
}

/** 8 bit layers stand in the section itself; deeper ones in a block behind an empty list. */
export const layerBlockKey = (header: PsdHeader): 'Lr16' | 'Lr32' | null =>
  header.depth === 16 ? 'Lr16' : header.depth === 32 ? 'Lr32' : null;

/**
 * The list with its length field, or as its block with the block's head.
 * Its length is a multiple of four, as Photoshop writes it.
 */
export function frameLayerList(
  header: PsdHeader,
  encoded: readonly EncodedLayers[],
  mergedTransparency: boolean,
): LayerListFrame {
  const key = layerBlockKey(header);
  const count = encoded.reduce((total, layers) => total + layers.count, 0);
  const content = encoded.reduce(
    (total, { records, channelBytes }) => total + records.length + channelBytes,
    2,
  );
  const padding = new Uint8Array((4 - (content % 4)) % 4);
  const head = new ByteWriter();
  if (key) head.ascii('8BIM').ascii(key);
  head.size(content + padding.length, header.large).int16(mergedTransparency ? -count : count);
  for (const { records } of encoded) head.append(records);
  const before = (key ? 8 : 0) + (header.large ? 8 : 4);
  return {
    head: head.bytes(),
    channels: channelChunks(encoded),
    padding,
    byteLength: before + content + padding.length,
  };
}

/** Channels go to the sink one by one, never joined in memory. */
export async function* channelChunks(encoded: readonly EncodedLayers[]): AsyncIterable<Uint8Array> {
  for (const layers of encoded) for (const channel of layers.channels) yield* channel.chunks;
}
