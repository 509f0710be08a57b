import type { ModelPackage } from '../models/modelStore';
import type { EncoderSource } from '../operations/operation';

/**
 * An encoder's input as its model takes it: some look beside RGB, which is mid-grey (0) in a hole, at a
 * mask that is 1 there; a partly selected pixel counts as hole.
 * @param planes [C, size, size], what the operation made
 */
export function withMask(
  planes: Float32Array,
  { size, hole }: EncoderSource,
  kind: ModelPackage['input']['kind'],
): Float32Array {
  if (kind !== 'rgb-mask') return planes;
  const masked = new Float32Array(4 * size * size);
  masked.set(planes);
  hole?.forEach((value, i) => (masked[3 * size * size + i] = value > 0 ? 1 : 0));
  return masked;
}
