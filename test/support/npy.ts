import { readFileSync } from 'node:fs';

export interface NpyArray {
  readonly shape: readonly number[];
  readonly data: Float32Array | Int32Array | Uint8Array;
}

const constructors = { '<f4': Float32Array, '<i4': Int32Array, '|u1': Uint8Array } as const;

/** Reads NumPy's format 1.0 as far as the fixtures use it. */
export function readNpy(file: string): NpyArray {
  const bytes = readFileSync(file);
  const start = 10 + bytes.readUInt16LE(8);
  const header = bytes.toString('latin1', 10, start);
  const type = /'descr': '([^']+)'/.exec(header)?.[1] as keyof typeof constructors;
  const shape = [...(/'shape': \(([^)]*)\)/.exec(header)?.[1] ?? '').matchAll(/\d+/g)].map(Number);
  const raw = new Uint8Array(bytes.subarray(start)).buffer;
  return { shape, data: new constructors[type](raw) };
}

/** As float32, whatever the file holds. */
export const readFloats = (file: string): Float32Array => Float32Array.from(readNpy(file).data);
