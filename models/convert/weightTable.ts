import { ConvertError } from './errors';
import { throwIfCancelled, type ByteSource, type CancelSignal } from './runtime';
import { readTensor, type CheckpointFile } from './torch/checkpointFile';
import { TensorRef, type PickleDict } from './torch/pickleValues';

/** The official checkpoints have about 1,250 tensors; a 100-layer encoder twice as many. */
const MAX_TENSORS = 20_000;

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
