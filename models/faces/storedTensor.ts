/** Element types that the shipped weights occur in. */
export type StoredType = 'float32' | 'float16' | 'uint8' | 'int32';

/** A constant as it is stored: little-endian elements, row-major. */
export interface StoredTensor {
  readonly type: StoredType;
  readonly dims: readonly number[];
  readonly bytes: Uint8Array;
}

export const elementBytes: Readonly<Record<StoredType, number>> = {
  float32: 4,
  float16: 2,
  uint8: 1,
  int32: 4,
};

/** Reorders the axes: `result.dims[i] === tensor.dims[axes[i]]`. */
export function transpose(tensor: StoredTensor, axes: readonly number[]): StoredTensor {
  const size = elementBytes[tensor.type];
  const dims = axes.map((axis) => tensor.dims[axis]!);
  const strides = axes.map((axis) => tensor.dims.slice(axis + 1).reduce((a, b) => a * b, 1));
  const bytes = new Uint8Array(tensor.bytes.length);
  const index = dims.map(() => 0);
  for (let at = 0; at < bytes.length; at += size) {
    const from = index.reduce((sum, value, axis) => sum + value * strides[axis]!, 0) * size;
    for (let b = 0; b < size; b++) bytes[at + b] = tensor.bytes[from + b]!;
    for (let axis = dims.length - 1; axis >= 0; axis--) {
      if (++index[axis]! < dims[axis]!) break;
      index[axis] = 0;
    }
  }
  return { type: tensor.type, dims, bytes };
}

export const reshape = (tensor: StoredTensor, dims: readonly number[]): StoredTensor => ({
  ...tensor,
  dims,
});

/** The tensor at the beginning of a larger one of zeros. */
export function enlarge(tensor: StoredTensor, dims: readonly number[]): StoredTensor {
  if (dims.every((side, axis) => side === tensor.dims[axis])) return tensor;
  if (tensor.type === 'uint8') throw new Error('zero bytes of a quantised tensor are not zeros');
  const size = elementBytes[tensor.type];
  const bytes = new Uint8Array(dims.reduce((a, b) => a * b, size));
  const index = dims.map(() => 0);
  for (let at = 0; at < tensor.bytes.length; at += size) {
    const to = dims.reduce((offset, side, axis) => offset * side + index[axis]!, 0) * size;
    bytes.set(tensor.bytes.subarray(at, at + size), to);
    for (let axis = dims.length - 1; axis >= 0; axis--) {
      if (++index[axis]! < tensor.dims[axis]!) break;
      index[axis] = 0;
    }
  }
  return { type: tensor.type, dims, bytes };
}

/** The elements of a whole-number tensor: a shape or paddings. */
export function wholes({ type, bytes }: StoredTensor): readonly number[] {
  if (type !== 'int32') throw new Error(`whole numbers expected, ${type} found`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Array.from({ length: bytes.length / 4 }, (_, i) => view.getInt32(i * 4, true));
}
