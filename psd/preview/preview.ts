import type { ByteSource } from '../bytes';
import type { PsdBounds, PsdDocument, PsdLayer } from '../document';
import { isShown } from '../document';
import {
  MAX_PSD_ROW_BYTES,
  packedRowTable,
  packRows,
  rowLengths,
  type PackedRows,
} from '../write/encodeChannel';
import { colorChannels } from '../read/header';
import type { PlacedInsertion } from '../write/insertion';
import type { NewLayer } from '../write/newLayer';
import { paintedBounds, paintRow, type Component } from './paint';
import { packedLimit } from '../packBits';
import { openPreviewPlanes, rowBytes, sum, type Plane, type RowBatch } from '../plane';
import { planeRows } from '../read/planeRows';
import { previewObstacle } from './previewRule';
import { sampleMaximum, sampleReader, sampleWriter } from '../samples';
import type { Splice } from '../write/splice';

export interface PreviewPlan {
  readonly splices: readonly Splice[];
  /** Why the preview stays as it was; `null` when it shows the new layers. */
  readonly reason: string | null;
}

/** Repacked rows are kept up to this size; beyond it they are packed once more when written. */
const MAX_KEPT_BYTES = 64 * 1024 * 1024;

const kept = (reason: string): PreviewPlan => ({ splices: [], reason });

/** Paints the new layers into the flattened preview, where the result is known to be exact. */
export async function planPreview(
  source: ByteSource,
  document: PsdDocument,
  placed: readonly PlacedInsertion[],
): Promise<PreviewPlan> {
  const shown = placed.filter(({ target }) => isPlaceShown(document, target));
  for (const { target, clipped, layers } of shown) {
    const area = paintedBounds(layers, document.header);
    const obstacle =
      area && target && (await previewObstacle(source, document, target, clipped, area));
    if (obstacle) return kept(obstacle);
  }
  const layers = shown.flatMap((insertion) => insertion.layers);
  const area = paintedBounds(layers, document.header);
  if (!area)
    return kept('The new layers are hidden or outside of the canvas; it is right as it is.');
  const planes = await openPreviewPlanes(source, document);
  if (!planes) return kept('The flattened preview is ZIP compressed.');
  const { large } = document.header;
  if (!large && planes.some((plane) => packedLimit(rowBytes(plane)) > MAX_PSD_ROW_BYTES)) {
    return kept("The flattened preview's rows are too wide to be packed anew in a PSD file.");
  }
  const colors = colorChannels(document.header);
  const alpha = document.layerInfo?.mergedTransparency ? planes[colors] : undefined;
  if (alpha && !(await isOpaque(source, alpha, area, layers))) {
    // Writers differ in how they store colour there (matted with white, or straight).
    return kept('The document is transparent under the new layers.');
  }
  const splices: Splice[] = [];
  let budget = MAX_KEPT_BYTES;
  for (const component of colors === 1 ? ([0] as const) : ([0, 1, 2] as const)) {
    const plane = planes[component]!;
    const rows = () => paintedRows(source, plane, area, layers, component);
    if (plane.kind === 'raw') splices.push(replaceRawRows(plane, area, rows));
    if (plane.kind === 'rle') {
      const table = tableOffset(document, component);
      const repacked = await replacePackedRows(document, plane, table, area, rows, budget);
      budget -= repacked.keptBytes;
      splices.push(...repacked.splices);
    }
  }
  return { splices, reason: null };
}

/** New layers lie beside their target: the groups around it must be shown, not the target. */
function isPlaceShown(document: PsdDocument, target: PsdLayer | null): boolean {
  const parent = document.layers[target?.parent ?? -1];
  return !parent || isShown(document, parent);
}

type Rows = () => AsyncIterable<RowBatch>;

type PlaneOf<K extends Plane['kind']> = Extract<Plane, { kind: K }>;

function replaceRawRows(plane: PlaneOf<'raw'>, area: PsdBounds, rows: Rows): Splice {
  const stride = rowBytes(plane);
  const length = (area.bottom - area.top) * stride;
  const at = plane.offset + area.top * stride;
  return { at, removed: length, added: length, chunks: bytesOf(rows()) };
}

async function* bytesOf(batches: AsyncIterable<RowBatch>): AsyncIterable<Uint8Array> {
  for await (const batch of batches) yield batch.bytes;
}

/** Where the lengths of one channel's packed rows begin. */
const tableOffset = ({ header, preview }: PsdDocument, channel: number): number =>
  preview.offset + 2 + channel * header.height * (header.large ? 4 : 2);

/** The rows' lengths stand before all data, so they are packed before anything is written. */
async function replacePackedRows(
  { header }: PsdDocument,
  plane: PlaneOf<'rle'>,
  tableStart: number,
  area: PsdBounds,
  rows: Rows,
  budget: number,
) {
  const lengths = new Uint32Array(area.bottom - area.top);
  let chunks: Uint8Array[] | null = [];
  let keptBytes = 0;
  for await (const batch of rows()) {
    const packed = pack(plane, batch);
    lengths.set(rowLengths(packed), batch.firstRow - area.top);
    keptBytes += sum(rowLengths(packed));
    if (keptBytes > budget) chunks = null;
    chunks?.push(...packed);
  }
  const entry = header.large ? 4 : 2;
  const table = packedRowTable(lengths, header.large);
  const before = plane.rowLengths.subarray(0, area.top);
  const replaced = plane.rowLengths.subarray(area.top, area.bottom);
  const splices: readonly Splice[] = [
    {
      at: tableStart + area.top * entry,
      removed: table.length,
      added: table.length,
      chunks: [table],
    },
    {
      at: plane.offset + sum(before),
      removed: sum(replaced),
      added: sum(lengths),
      chunks: chunks ?? repack(plane, rows()),
    },
  ];
  return { splices, keptBytes: chunks ? keptBytes : 0 };
}

function pack(plane: Plane, batch: RowBatch): PackedRows {
  const stride = rowBytes(plane);
  const shape = { ...plane, height: batch.rowCount };
  return packRows(shape, (row, into) => {
    into.set(batch.bytes.subarray(row * stride, (row + 1) * stride));
  });
}

async function* repack(plane: Plane, batches: AsyncIterable<RowBatch>): AsyncIterable<Uint8Array> {
  for await (const batch of batches) yield* pack(plane, batch);
}

/** The preview's rows inside the area with the new layers on them. */
async function* paintedRows(
  source: ByteSource,
  plane: Plane,
  area: PsdBounds,
  layers: readonly NewLayer[],
  component: Component,
): AsyncIterable<RowBatch> {
  const read = sampleReader(plane.depth);
  const write = sampleWriter(plane.depth);
  const max = sampleMaximum(plane.depth);
  const row = new Float64Array(area.right - area.left);
  for await (const batch of planeRows(source, plane, { from: area.top, to: area.bottom }, {})) {
    const view = new DataView(batch.bytes.buffer, batch.bytes.byteOffset);
    for (let i = 0; i < batch.rowCount; i++) {
      const at = i * plane.width + area.left;
      for (let x = 0; x < row.length; x++) row[x] = read(view, at + x) / max;
      paintRow(layers, component, batch.firstRow + i, area, row);
      for (let x = 0; x < row.length; x++) write(view, at + x, row[x]! * max);
    }
    yield batch;
  }
}

/** Whether the document covers every pixel that the new layers touch. */
async function isOpaque(
  source: ByteSource,
  alpha: Plane,
  area: PsdBounds,
  layers: readonly NewLayer[],
): Promise<boolean> {
  const read = sampleReader(alpha.depth);
  const max = sampleMaximum(alpha.depth);
  const coverage = new Float64Array(area.right - area.left);
  for await (const batch of planeRows(source, alpha, { from: area.top, to: area.bottom }, {})) {
    const view = new DataView(batch.bytes.buffer, batch.bytes.byteOffset);
    for (let i = 0; i < batch.rowCount; i++) {
      paintRow(layers, 'coverage', batch.firstRow + i, area, coverage.fill(0));
      const at = i * alpha.width + area.left;
      if (coverage.some((value, x) => value > 0 && read(view, at + x) < max)) return false;
    }
  }
  return true;
}
