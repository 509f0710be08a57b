import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';

/** A network: what it is, by its bytes, and where this machine has it. */
export interface Graph {
  /** Of the ONNX file, in lower-case hexadecimal: equal hashes are equal networks, wherever they lie. */
  readonly sha256: string;
  readonly path: string;
  /** Where the network is only a part of the file: its bytes. The hash then names the part. */
  readonly read?: () => Promise<Uint8Array>;
}

/** A value's name and shape; `null` where a side is free. */
export interface GraphValue {
  readonly name: string;
  readonly shape: readonly (number | null)[];
}

export interface GraphSignature {
  readonly inputs: readonly GraphValue[];
  readonly outputs: readonly GraphValue[];
}

/** The graph of a file that comes without a checksum. @throws the system's error when it cannot be read */
export async function readGraph(path: string): Promise<Graph> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 2 ** 20 }), hash);
  return { path, sha256: hash.digest('hex') };
}
