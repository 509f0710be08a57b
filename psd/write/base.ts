import { PsdError } from '../errors';
import { unpackBits } from '../packBits';
import { rowBytes } from '../plane';
import type { Component } from '../preview/paint';
import type { PixelHeader } from '../read/header';
import {
  allocateSamples,
  depthOf,
  sampleMaximum,
  sampleReader,
  type SampleDepth,
  type Samples,
} from '../samples';
import {
  componentRows,
  encodePacked,
  packRows,
  rowPacker,
  type PackedRows,
  type RowWriter,
} from './encodeChannel';
import type { EncodedLayers } from './encodeLayers';
import { encodeRecord, type ChannelEntry } from './encodeRecord';
import type { NewPixelLayer } from './newLayer';

/** The lowest layer, as large as the document, handed in by bands: it is never in memory as pixels. */
export interface NewBase {
  readonly name: string;
  /** Whole rows of RGBA as a layer's pixels are, from the top to the bottom, any number at once. */
  readonly bands: AsyncIterable<Samples>;
}

/** Its components, red to alpha. */
export interface PackedBase {
  readonly name: string;
  readonly planes: readonly PackedRows[];
  readonly isOpaque: boolean;
}

/** @throws PsdError BAD_LAYER where the bands are not the document's depth, or not its size together */
export async function packBase(header: PixelHeader, { name, bands }: NewBase): Promise<PackedBase> {
  const { width, height, depth } = header;
  const packed = Array.from({ length: 4 }, () => ({
    rows: [] as Uint8Array[],
    pack: rowPacker(header),
  }));
  const row = new Uint8Array(rowBytes(header));
  let samples = 0;
  for await (const band of bands) {
    const count = band.length / (width * 4);
    if (depthOf(band) !== depth || !Number.isInteger(count)) throw misfit();
    samples += band.length;
    packed.forEach(({ rows, pack }, component) => {
      const writeRow = componentRows(header, band, component, 4);
      for (let y = 0; y < count; y++) {
        writeRow(y, row);
        rows.push(pack(row));
      }
    });
  }
  if (samples !== width * height * 4) throw misfit();
  const planes = packed.map(({ rows }) => rows);
  const opaque = opaqueRow(width, depth);
  const isOpaque = planes[3]!.every((alpha) => isEqual(alpha, opaque));
  return { name, planes, isOpaque };

  function misfit(): PsdError {
    const size = `${width} × ${height} pixels of ${depth} bits`;
    const message = `The new layer "${name}" cannot be written: its bands are not ${size}.`;
    return new PsdError('BAD_LAYER', message);
  }
}

function opaqueRow(width: number, depth: SampleDepth): Uint8Array {
  const shape = { width, height: 1, depth };
  const alpha = allocateSamples(depth, width).fill(sampleMaximum(depth));
  return packRows(shape, componentRows(shape, alpha, 0, 1))[0]!;
}

const isEqual = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((value, i) => value === b[i]);

export function encodeBase(header: PixelHeader, { name, planes }: PackedBase): EncodedLayers {
  const { width, height, large } = header;
  const channels = [-1, 0, 1, 2].map((id): ChannelEntry => {
    const rows = planes[id === -1 ? 3 : id]!;
    return [id, encodePacked(header, large, rows, unpackedRows(rows))];
  });
  const bounds = { left: 0, top: 0, right: width, bottom: height };
  return {
    count: 1,
    records: encodeRecord(header, { name, bounds, clipped: false, channels }),
    channels: channels.map(([, channel]) => channel),
    channelBytes: channels.reduce((total, [, { byteLength }]) => total + byteLength, 0),
  };
}

const unpackedRows =
  (rows: PackedRows): RowWriter =>
  (y, into) =>
    void unpackBits(rows[y]!, 0, rows[y]!.length, into, 0, into.length);

/** Any row of the base as a layer, which is used again for the next; of its colours it has `component` alone. */
export function baseRow(
  header: PixelHeader,
  { name, planes }: PackedBase,
  component: Component,
): (y: number) => NewPixelLayer {
  const { width, depth } = header;
  const pixels = allocateSamples(depth, width * 4);
  const bytes = new Uint8Array(rowBytes(header));
  const view = new DataView(bytes.buffer);
  const read = sampleReader(depth);
  const channels = component === 'coverage' ? [3] : [component, 3];
  return (y) => {
    for (const channel of channels) {
      unpackedRows(planes[channel]!)(y, bytes);
      for (let x = 0; x < width; x++) pixels[x * 4 + channel] = read(view, x);
    }
    const bounds = { left: 0, top: y, right: width, bottom: y + 1 };
    return { kind: 'pixels', name, bounds, pixels };
  };
}
