/** Samples of a document's depth: 0..255, 0..65535, or floats with 1 for white. */
export type Samples = Uint8Array | Uint16Array | Float32Array;
export type SampleDepth = 8 | 16 | 32;

/** The value that white, or full coverage, has. */
export const sampleMaximum = (depth: SampleDepth): number =>
  depth === 8 ? 255 : depth === 16 ? 65535 : 1;

export const depthOf = (samples: Samples): SampleDepth =>
  (samples.BYTES_PER_ELEMENT * 8) as SampleDepth;

export function allocateSamples(depth: SampleDepth, length: number): Samples {
  if (depth === 8) return new Uint8Array(length);
  return depth === 16 ? new Uint16Array(length) : new Float32Array(length);
}

/** Reads the `index`-th big-endian sample of a row. */
export function sampleReader(depth: SampleDepth): (view: DataView, index: number) => number {
  if (depth === 8) return (view, index) => view.getUint8(index);
  if (depth === 16) return (view, index) => view.getUint16(index * 2);
  return (view, index) => view.getFloat32(index * 4);
}

/** Writes a sample, rounded to what the depth can hold. */
export function sampleWriter(
  depth: SampleDepth,
): (view: DataView, index: number, value: number) => void {
  if (depth === 8) return (view, index, value) => view.setUint8(index, Math.round(value));
  if (depth === 16) return (view, index, value) => view.setUint16(index * 2, Math.round(value));
  return (view, index, value) => view.setFloat32(index * 4, value);
}
