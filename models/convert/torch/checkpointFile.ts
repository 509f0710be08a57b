import { ConvertError } from '../errors';
import { readExactly, type ByteSource } from '../runtime';
import type { PickleValue, StorageRef, TensorRef } from './pickleValues';
import { decodeNumbers, storageFormats } from './storageNumbers';

/** A run of bytes of the file with the CRC-32 that it must have. */
export interface CheckedRun {
  readonly name: string;
  readonly offset: number;
  readonly size: number;
  readonly crc32: number;
}

/** A torch file whose pickle has been read; the numbers stay in the file. */
export interface CheckpointFile {
  readonly root: PickleValue;
  /** Where each storage's bytes are. */
  readonly storages: ReadonlyMap<string, { readonly offset: number; readonly size: number }>;
  /** What can be verified; empty for the legacy container, which has no checksums. */
  readonly checkedRuns: readonly CheckedRun[];
}

/**
 * A tensor's numbers as float32, in row-major order whatever its strides are.
 * @throws ConvertError TRUNCATED or CORRUPT.
 */
export async function readTensor(
  source: ByteSource,
  file: CheckpointFile,
  tensor: TensorRef,
): Promise<Float32Array> {
  const { shape, strides, storage } = tensor;
  const count = countNumbers(shape);
  if (count === 0) return new Float32Array(0);
  // However it is strided, a tensor has no more numbers than its storage has in the file.
  const stored = file.storages.get(storage.key)?.size ?? 0;
  if (count * storageFormats[storage.type].bytes > stored) {
    throw new ConvertError(
      'CORRUPT',
      `${source.name} is damaged: a tensor of [${shape.join(', ')}] is announced in the ${stored} ` +
        `bytes of storage "${storage.key}". Download it again.`,
    );
  }
  const span = 1 + shape.reduce((sum, n, i) => sum + (n - 1) * strides[i]!, 0);
  const numbers = await readNumbers(source, file, storage, tensor.offset, span);
  return isRowMajor(shape, strides) ? numbers : gather(numbers, shape, strides, count);
}

export const countNumbers = (shape: readonly number[]): number =>
  shape.reduce((product, n) => product * n, 1);

async function readNumbers(
  source: ByteSource,
  file: CheckpointFile,
  storage: StorageRef,
  first: number,
  count: number,
): Promise<Float32Array> {
  const place = file.storages.get(storage.key);
  const width = storageFormats[storage.type].bytes;
  const from = (storage.viewOffset + first) * width;
  if (!place || from + count * width > place.size) {
    throw new ConvertError(
      'CORRUPT',
      `${source.name} is damaged: storage "${storage.key}" has ${place?.size ?? 'no'} bytes where ` +
        `${from + count * width} are used. Download it again.`,
    );
  }
  const what = `storage "${storage.key}"`;
  return decodeNumbers(
    storage.type,
    await readExactly(source, place.offset + from, count * width, what),
  );
}

function isRowMajor(shape: readonly number[], strides: readonly number[]): boolean {
  let expected = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    if (shape[i] !== 1 && strides[i] !== expected) return false;
    expected *= shape[i]!;
  }
  return true;
}

function gather(
  numbers: Float32Array,
  shape: readonly number[],
  strides: readonly number[],
  count: number,
): Float32Array {
  const values = new Float32Array(count);
  const index = shape.map(() => 0);
  for (let i = 0, at = 0; i < count; i++) {
    values[i] = numbers[at]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      at += strides[axis]!;
      if (++index[axis]! < shape[axis]!) break;
      at -= strides[axis]! * shape[axis]!;
      index[axis] = 0;
    }
  }
  return values;
}
