/** What a pickle of the accepted kind can hold. Dictionaries keep their order; lists are arrays. */
export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | PickleDict
  | PickleValue[]
  | PickleTuple
  | PickleGlobal
  | StorageRef
  | TensorRef;

/** `dict`, `collections.OrderedDict` and `argparse.Namespace`. */
export class PickleDict {
  readonly entries = new Map<string | number, PickleValue>();
}

export class PickleTuple {
  constructor(readonly items: readonly PickleValue[]) {}
}

/** A Python name that the reader knows: never anything that runs. */
export class PickleGlobal {
  constructor(
    readonly name: string,
    /** What calling it makes of the arguments; `null` for a mere marker such as a storage's type. */
    readonly call: ((args: readonly PickleValue[]) => PickleValue) | null,
  ) {}
}

export type StorageType =
  | 'float64'
  | 'float32'
  | 'float16'
  | 'bfloat16'
  | 'int64'
  | 'int32'
  | 'int16'
  | 'int8'
  | 'uint8'
  | 'bool';

/** A run of numbers in the file; tensors are windows on it. */
export class StorageRef {
  constructor(
    readonly type: StorageType,
    readonly key: string,
    /** Numbers, not bytes. */
    readonly length: number,
    /** Where this view begins in the storage `key` (older files share storages this way). */
    readonly viewOffset: number,
  ) {}
}

/** A strided window: element (i, j, …) is storage[offset + i·stride₀ + j·stride₁ + …]. */
export class TensorRef {
  constructor(
    readonly storage: StorageRef,
    readonly offset: number,
    readonly shape: readonly number[],
    readonly strides: readonly number[],
  ) {}
}

/** A value in words. What may hold others is never written out: it may hold itself a million times. */
export function asText(value: PickleValue | undefined): string {
  return typeof value === 'object' || value === undefined ? 'something else' : String(value);
}
