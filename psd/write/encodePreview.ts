import { compression, rowBytes } from '../plane';
import { isRowPainted, paintRow, type Component } from '../preview/paint';
import type { PixelHeader } from '../read/header';
import { sampleMaximum, sampleWriter } from '../samples';
import { baseRow, type PackedBase } from './base';
import {
  packedRowTable,
  rowLengths,
  rowPacker,
  type PackedRows,
  type RowWriter,
} from './encodeChannel';
import type { NewLayer } from './newLayer';

/** What a new document shows, from the bottom to the top. */
export interface Stack {
  readonly base: PackedBase | null;
  readonly layers: readonly NewLayer[];
}

export function coversCanvas(header: PixelHeader, stack: Stack): boolean {
  if (stack.base?.isOpaque) return true;
  const coverage = new Float64Array(header.width);
  const paint = flattened(header, stack, 'coverage');
  for (let y = 0; y < header.height; y++) {
    paint(y, coverage);
    if (coverage.some((value) => value !== 1)) return false;
  }
  return true;
}

/** PackBits for 8 bit; deeper pictures do not get smaller by it and are written raw. */
export function encodePreview(header: PixelHeader, stack: Stack) {
  const components: readonly Component[] = [0, 1, 2, 'coverage'];
  const shown = components.slice(0, header.channelCount);
  if (header.depth === 8) {
    const packed = shown.map((component) => packFlattened(header, stack, component));
    const lengths = packed.map(rowLengths);
    const chunks = [
      new Uint8Array([0, compression.rle]),
      ...lengths.map((each) => packedRowTable(each, header.large)),
      ...packed.flat(),
    ];
    return { chunks, byteLength: chunks.reduce((total, chunk) => total + chunk.length, 0) };
  }
  const planes = shown.map((component) => flattenedRows(header, stack, component));
  const byteLength = 2 + rowBytes(header) * header.height * planes.length;
  return { byteLength, chunks: rawPreview(header, planes) };
}

/** Rows with nothing above an opaque base are the base's own, as they are. */
function packFlattened(header: PixelHeader, stack: Stack, component: Component): PackedRows {
  const { base, layers } = stack;
  const own = base?.isOpaque && component !== 'coverage' ? base.planes[component]! : null;
  const writeRow = flattenedRows(header, stack, component);
  const pack = rowPacker(header);
  const row = new Uint8Array(rowBytes(header));
  return Array.from({ length: header.height }, (_, y) => {
    if (own && !isRowPainted(layers, y)) return own[y]!;
    writeRow(y, row);
    return pack(row);
  });
}

function* rawPreview(header: PixelHeader, planes: readonly RowWriter[]): Iterable<Uint8Array> {
  yield new Uint8Array([0, compression.raw]);
  const row = new Uint8Array(rowBytes(header));
  for (const plane of planes) {
    for (let y = 0; y < header.height; y++) {
      plane(y, row);
      yield row;
    }
  }
}

/** One component of the picture, as the file has it. */
function flattenedRows(header: PixelHeader, stack: Stack, component: Component): RowWriter {
  const row = new Float64Array(header.width);
  const paint = flattened(header, stack, component);
  const max = sampleMaximum(header.depth);
  const write = sampleWriter(header.depth);
  return (y, into) => {
    paint(y, row);
    if (header.depth === 8) {
      for (let x = 0; x < row.length; x++) into[x] = row[x]! * max + 0.5;
      return;
    }
    const view = new DataView(into.buffer, into.byteOffset);
    for (let x = 0; x < row.length; x++) write(view, x, row[x]! * max);
  };
}

/** Paints one component of a row, 0..1: colours start from white, coverage from nothing. */
function flattened(
  header: PixelHeader,
  { base, layers }: Stack,
  component: Component,
): (y: number, row: Float64Array) => void {
  const span = { left: 0, right: header.width };
  const lowest = base && baseRow(header, base, component);
  return (y, row) => {
    const all = lowest ? [lowest(y), ...layers] : layers;
    paintRow(all, component, y, span, row.fill(component === 'coverage' ? 0 : 1));
  };
}
