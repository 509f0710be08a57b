import { ByteWriter } from '../bytes';
import type { PsdBounds } from '../document';
import { boundsHeight, boundsWidth } from '../document';
import { componentRows, encodeChannel, type EncodedChannel } from './encodeChannel';
import { encodeRecord, section, type ChannelEntry, type RecordSpec } from './encodeRecord';
import { colorChannels, type PixelHeader } from '../read/header';
import type { NewLayer, NewMask, NewPixelLayer } from './newLayer';
import { sampleMaximum } from '../samples';

/** Layer records and their channels' data, in the file's order. */
export interface EncodedLayers {
  readonly count: number;
  readonly records: Uint8Array;
  readonly channels: readonly EncodedChannel[];
  readonly channelBytes: number;
}

const noBounds: PsdBounds = { left: 0, top: 0, right: 0, bottom: 0 };
/** Clipping marks the outermost layers as clipped to the layer below them. */
export function encodeLayers(
  layers: readonly NewLayer[],
  header: PixelHeader,
  clipped: boolean,
): EncodedLayers {
  const records = new ByteWriter();
  const channels: EncodedChannel[] = [];
  let count = 0;

  const put = (record: RecordSpec): void => {
    records.append(encodeRecord(header, record));
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

/** Photoshop's own name for the record that closes a group. */
const groupEnd = {
  name: '</Layer group>',
  bounds: noBounds,
  clipped: false,
  section: section.end,
} as const;

function pixelChannels(layer: NewPixelLayer, header: PixelHeader): readonly ChannelEntry[] {
  const shape = shapeOf(layer.bounds, header);
  const ids = colorChannels(header) === 1 ? [-1, 0] : [-1, 0, 1, 2];
  const pixels = ids.map((id): ChannelEntry => {
    const rows = componentRows(shape, layer.pixels, id === -1 ? 3 : id, 4);
    return [id, encodeChannel(shape, header.large, rows)];
  });
  return [...pixels, ...maskChannel(layer.mask, header)];
}

function maskChannel(mask: NewMask | undefined, header: PixelHeader): readonly ChannelEntry[] {
  if (!mask) return [];
  const shape = shapeOf(mask.bounds, header);
  const scale = sampleMaximum(header.depth) / 255;
  const rows = componentRows(shape, mask.pixels, 0, 1, scale);
  return [[-2, encodeChannel(shape, header.large, rows)]];
}

/** Records without pixels list the colour channels too, each with its compression number alone. */
function emptyChannels(header: PixelHeader): readonly ChannelEntry[] {
  const ids = colorChannels(header) === 1 ? [-1, 0] : [-1, 0, 1, 2];
  return ids.map((id) => [id, { byteLength: 2, chunks: [new Uint8Array(2)] }]);
}

const shapeOf = (bounds: PsdBounds, header: PixelHeader) => ({
  width: boundsWidth(bounds),
  height: boundsHeight(bounds),
  depth: header.depth,
});
