import { viewOf } from '../runtime';
import type { StorageType } from './pickleValues';

interface StorageFormat {
  /** Bytes of one number. */
  readonly bytes: number;
  readonly read: (view: DataView, at: number) => number;
}

/** How each storage type lies in the file, little end first. */
export const storageFormats: Readonly<Record<StorageType, StorageFormat>> = {
  float64: { bytes: 8, read: (view, at) => view.getFloat64(at, true) },
  float32: { bytes: 4, read: (view, at) => view.getFloat32(at, true) },
  float16: { bytes: 2, read: (view, at) => fromFloat16(view.getUint16(at, true)) },
  bfloat16: { bytes: 2, read: (view, at) => fromBfloat16(view.getUint16(at, true)) },
  int64: { bytes: 8, read: (view, at) => Number(view.getBigInt64(at, true)) },
  int32: { bytes: 4, read: (view, at) => view.getInt32(at, true) },
  int16: { bytes: 2, read: (view, at) => view.getInt16(at, true) },
  int8: { bytes: 1, read: (view, at) => view.getInt8(at) },
  uint8: { bytes: 1, read: (view, at) => view.getUint8(at) },
  bool: { bytes: 1, read: (view, at) => view.getUint8(at) },
};

const floats = new Float32Array(1);
const words = new Uint32Array(floats.buffer);

/** IEEE 754 binary16: 1 sign, 5 exponent (bias 15), 10 fraction bits. */
export function fromFloat16(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction ? NaN : sign * Infinity;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** bfloat16 is the upper half of a float32. */
export function fromBfloat16(bits: number): number {
  words[0] = bits << 16;
  return floats[0]!;
}

/** The nearest binary16, ties to even; what is out of its range becomes ±infinity. */
export function toFloat16(value: number): number {
  floats[0] = value;
  return roundToFloat16(words[0]!);
}

/** The same from a float32's bits: 300 million weights pass here. */
function roundToFloat16(bits: number): number {
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00; // NaN
  if (magnitude >= 0x47800000) return sign | 0x7c00; // 2¹⁶ and more
  if (magnitude < 0x38800000) {
    // Below 2⁻¹⁴ the step stays 2⁻²⁴, which is also float32's step at 0.5: adding it rounds.
    words[0] = magnitude;
    floats[0] = floats[0]! + 0.5;
    return sign | (words[0]! - 0x3f000000);
  }
  // The exponent's bias falls from 127 to 15; thirteen bits of fraction are rounded away.
  return sign | ((magnitude - 0x38000000 + 0xfff + ((magnitude >>> 13) & 1)) >>> 13);
}

/** Numbers as float32, in storage order. */
export function decodeNumbers(type: StorageType, bytes: Uint8Array): Float32Array {
  const { bytes: width, read } = storageFormats[type];
  const values = new Float32Array(bytes.length / width);
  if (type === 'float32') {
    // Every machine that runs JavaScript today is little-endian, as torch files are.
    new Uint8Array(values.buffer).set(bytes);
    return values;
  }
  const view = viewOf(bytes);
  for (let i = 0; i < values.length; i++) values[i] = read(view, i * width);
  return values;
}

export const encodeFloat32 = (values: Float32Array): Uint8Array =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength);

export function encodeFloat16(values: Float32Array): Uint8Array {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const halves = new Uint16Array(values.length);
  for (let i = 0; i < values.length; i++) halves[i] = roundToFloat16(bits[i]!);
  return new Uint8Array(halves.buffer);
}
