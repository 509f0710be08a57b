import { ConvertError } from './errors';
import { throwIfCancelled, type ByteSource, type CancelSignal } from './runtime';
import { countNumbers, readTensor, type CheckpointFile } from './torch/checkpointFile';
import { TensorRef, type PickleDict } from './torch/pickleValues';
import { storageFormats } from './torch/storageNumbers';

/** The official checkpoints have about 1,250 tensors; a 100-layer encoder twice as many. */
const MAX_TENSORS = 20_000;
/** Tensors may share their storage, but not to make more of a file than it is: see `refuseExpansion`. */
const MAX_EXPANSION = 2;
/** Small files may share as they like: this much is nothing to anybody. */
const FREE_BYTES = 64 * 2 ** 20;

/** The checkpoint's tensors by name. Shapes are at hand, numbers are read when they are asked for. */
export class WeightTable {
  private readonly tensors = new Map<string, TensorRef>();

  constructor(
    private readonly source: ByteSource,
    private readonly file: CheckpointFile,
    stateDict: PickleDict,
    private readonly signal: CancelSignal | undefined,
  ) {
    if (stateDict.entries.size > MAX_TENSORS) {
      throw new ConvertError(
        'HOSTILE',
        `${source.name} lists ${stateDict.entries.size} tensors; at most ${MAX_TENSORS} are accepted.`,
      );
    }
    for (const [name, value] of stateDict.entries) {
      if (typeof name === 'string' && value instanceof TensorRef) this.tensors.set(name, value);
    }
    this.refuseExpansion();
  }

  /** Thousands of tensors that show one storage would be thousands of times its size when written. */
  private refuseExpansion(): void {
    let bytes = 0;
    for (const { shape, storage } of this.tensors.values()) {
      bytes += countNumbers(shape) * storageFormats[storage.type].bytes;
    }
    if (bytes <= Math.max(FREE_BYTES, MAX_EXPANSION * this.source.size)) return;
    throw new ConvertError(
      'HOSTILE',
      `${this.source.name} holds ${this.source.size} bytes, but its tensors claim ${bytes}.`,
    );
  }

  /** For messages: the checkpoint's name. */
  get fileName(): string {
    return this.source.name;
  }

  has(name: string): boolean {
    return this.tensors.has(name);
  }

  /** @throws ConvertError FOREIGN when the checkpoint has no such tensor. */
  shape(name: string): readonly number[] {
    return this.find(name).shape;
  }

  /** One size of a tensor. */
  size(name: string, axis: number): number {
    const size = this.shape(name)[axis];
    if (size === undefined || size < 1) {
      throw this.unlike(name, `at least ${axis + 1} dimensions`);
    }
    return size;
  }

  /**
   * How many of `prefix0suffix`, `prefix1suffix`, … there are without a gap.
   * @param step distance between indices, for rows of modules with activations in between
   */
  count(prefix: string, suffix: string, start = 0, step = 1): number {
    let count = 0;
    while (this.has(`${prefix}${start + count * step}${suffix}`)) count++;
    return count;
  }

  /** @throws ConvertError FOREIGN when the tensor is missing or has another shape. */
  expect(name: string, shape: readonly number[]): void {
    if (String(this.shape(name)) !== String(shape))
      throw this.unlike(name, `[${shape.join(', ')}]`);
  }

  /** The numbers in row-major order. */
  async load(name: string): Promise<Float32Array> {
    throwIfCancelled(this.signal);
    return readTensor(this.source, this.file, this.find(name));
  }

  private find(name: string): TensorRef {
    const tensor = this.tensors.get(name);
    if (tensor) return tensor;
    throw new ConvertError(
      'FOREIGN',
      `${this.source.name} is no complete pSp checkpoint: it lacks "${name}".`,
    );
  }

  private unlike(name: string, expected: string): ConvertError {
    return new ConvertError(
      'FOREIGN',
      `${this.source.name}: "${name}" is [${this.shape(name).join(', ')}] where a pSp network has ` +
        `${expected}.`,
    );
  }
}
