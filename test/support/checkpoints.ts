import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import {
  convertCheckpoint,
  type ByteSource,
  type Checksums,
  type ConvertContext,
  type ConvertOptions,
  type FileRole,
  type GraphRole,
  type ModelDescription,
  type PackageStore,
} from '../../models/convert';
import { writeRandomCheckpoint } from '../checkpoints/checkpointWriter';
import { writePickle, type Picklable } from '../checkpoints/pickleWriter';
import type { PspSizes } from '../checkpoints/pspLayout';
import { ZipWriter } from '../checkpoints/zipWriter';

/** The smallest pSp there is: one unit per stage and a decoder of 64². */
export const smallestSizes: PspSizes = {
  inputChannels: 3,
  widths: [2, 3, 4, 5],
  units: [1, 1, 1, 1],
  reduction: 2,
  styleWidth: 5,
  size: 64,
  decoderWidth: () => 4,
};

export const encodeOpts = { dataset_type: 'ffhq_encode', encoder_type: 'GradualStyleEncoder' };

/** A checkpoint in memory, as torch.save would write it. */
export async function makeCheckpoint(
  sizes: PspSizes = smallestSizes,
  opts: Readonly<Record<string, Picklable>> = encodeOpts,
  seed = 1,
): Promise<Buffer> {
  const parts: Buffer[] = [];
  await writeRandomCheckpoint(collect(parts), sizes, opts, seed);
  return Buffer.concat(parts);
}

/** A zip of stored entries. */
export async function makeZip(entries: Readonly<Record<string, Uint8Array>>): Promise<Buffer> {
  const parts: Buffer[] = [];
  const zip = new ZipWriter(collect(parts));
  for (const [name, bytes] of Object.entries(entries)) await zip.add(name, bytes);
  await zip.finish();
  return Buffer.concat(parts);
}

/** The container of torch before 1.6, from the pickled value and the storages in order. */
export function makeLegacy(
  value: Uint8Array,
  storages: readonly (readonly [key: string, count: number, bytes: Uint8Array])[],
): Buffer {
  const counts = storages.map(([, count]) => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(BigInt(count));
    return bytes;
  });
  return Buffer.concat([
    Buffer.from('80028a0a6cfc9c46f9206aa850192e', 'hex'), // the magic number
    Buffer.from('80024de9032e', 'hex'), // version 1001
    writePickle(new Map([['little_endian', true]])),
    value,
    writePickle(storages.map(([key]) => key)),
    ...storages.flatMap(([, , bytes], i) => [counts[i]!, bytes]),
  ]);
}

const collect =
  (parts: Buffer[]) =>
  (bytes: Uint8Array): Promise<void> => {
    parts.push(Buffer.from(bytes));
    return Promise.resolve();
  };

export const memorySource = (bytes: Uint8Array, name = 'model.pt'): ByteSource => ({
  name,
  size: bytes.length,
  read: (offset, length) => Promise.resolve(bytes.subarray(offset, offset + length)),
});

export const checksums: Checksums = {
  sha256: () => {
    const hash = createHash('sha256');
    return { update: (bytes) => void hash.update(bytes), hex: () => hash.digest('hex') };
  },
  crc32,
};

export interface ConvertedInMemory {
  readonly model: ModelDescription;
  readonly graphs: Readonly<Record<GraphRole, Buffer>>;
}

/** Converts without a disk. */
export async function convertInMemory(
  bytes: Uint8Array,
  options: Partial<ConvertOptions> = {},
  context: Partial<ConvertContext> = {},
): Promise<ConvertedInMemory> {
  const graphs: Partial<Record<FileRole, Buffer>> = {};
  const store: PackageStore = {
    createFile: (role) => {
      const parts: Buffer[] = [];
      return Promise.resolve({
        write: collect(parts),
        close: () => {
          graphs[role] = Buffer.concat(parts);
          return Promise.resolve(`${role}.onnx`);
        },
      });
    },
    commit: () => Promise.resolve(),
    discard: () => Promise.resolve(),
  };
  const source = memorySource(bytes);
  const model = await convertCheckpoint(
    source,
    store,
    { name: 'model', ...options },
    { checksums, ...context },
  );
  return { model, graphs: graphs as Record<GraphRole, Buffer> };
}
