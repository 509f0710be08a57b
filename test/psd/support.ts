import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  insertLayers,
  memorySink,
  memorySource,
  readStructure,
  type Insertion,
  type InsertionReport,
  type NewPixelLayer,
  type PsdBounds,
  type PsdDocument,
  type Samples,
} from '../../psd';

export const corpusFolder = join(__dirname, '../fixtures/psd');

/** Every document of the corpus; test/fixtures/psd/ORIGIN.md says how each was made. */
export const corpus: readonly string[] = readdirSync(corpusFolder).filter((name) =>
  /\.ps[db]$/.test(name),
);

export const readCorpus = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(join(corpusFolder, name)));

export const structureOf = (bytes: Uint8Array): Promise<PsdDocument> =>
  readStructure(memorySource(bytes));

export interface Inserted {
  readonly bytes: Uint8Array;
  readonly report: InsertionReport;
}

export async function insert(
  bytes: Uint8Array,
  ...insertions: readonly Insertion[]
): Promise<Inserted> {
  const source = memorySource(bytes);
  const sink = memorySink();
  const report = await insertLayers(source, await readStructure(source), insertions, sink);
  return { bytes: sink.bytes(), report };
}

export const boundsAt = (left: number, top: number, width: number, height: number): PsdBounds => ({
  left,
  top,
  right: left + width,
  bottom: top + height,
});

/** Samples that are neither flat nor noise; alpha goes from clear to full. */
export function gradient(depth: 8 | 16 | 32, width: number, height: number, grey = false): Samples {
  const max = depth === 8 ? 255 : depth === 16 ? 65535 : 1;
  const values = Array.from({ length: width * height * 4 }, (_, i) => {
    const x = (i >> 2) % width;
    const y = Math.floor((i >> 2) / width);
    const component = grey && i % 4 < 3 ? 0 : i % 4;
    const value = [x / width, y / height, ((x * y) % 7) / 7, Math.min(1, (2 * x) / width)];
    const sample = value[component]! * max;
    return depth === 32 ? sample : Math.round(sample);
  });
  if (depth === 8) return Uint8Array.from(values);
  return depth === 16 ? Uint16Array.from(values) : Float32Array.from(values);
}

export function pixelLayer(
  name: string,
  depth: 8 | 16 | 32,
  bounds: PsdBounds,
  options: Partial<NewPixelLayer> & { readonly grey?: boolean } = {},
): NewPixelLayer {
  const { grey = false, ...rest } = options;
  const pixels = gradient(depth, bounds.right - bounds.left, bounds.bottom - bounds.top, grey);
  return { kind: 'pixels', name, bounds, pixels, ...rest };
}
