import { ConvertError } from '../errors';
import {
  asText,
  PickleDict,
  PickleGlobal,
  PickleTuple,
  StorageRef,
  TensorRef,
  type PickleValue,
  type StorageType,
} from './pickleValues';

/** pSp has five at most (`decoder.*.conv.weight`). */
const MAX_RANK = 8;
/** 256 MiB of float32, however little the file holds; the largest official tensor has 12.8 million. */
const MAX_TENSOR_NUMBERS = 2 ** 26;

const storageTypes: Readonly<Record<string, StorageType>> = {
  'torch.DoubleStorage': 'float64',
  'torch.FloatStorage': 'float32',
  'torch.HalfStorage': 'float16',
  'torch.BFloat16Storage': 'bfloat16',
  'torch.LongStorage': 'int64',
  'torch.IntStorage': 'int32',
  'torch.ShortStorage': 'int16',
  'torch.CharStorage': 'int8',
  'torch.ByteStorage': 'uint8',
  'torch.BoolStorage': 'bool',
};

type Call = (args: readonly PickleValue[]) => PickleValue;

/**
 * Every Python name that a checkpoint may mention, with what it means here. A pickle is a program,
 * so this list is closed: a name that is not in it is refused before anything is done with it.
 */
const globals: Readonly<Record<string, Call | null>> = {
  'collections.OrderedDict': makeDict,
  'argparse.Namespace': makeDict,
  'torch.Size': ([items]) => items ?? new PickleTuple([]),
  'torch.device': ([kind, index]) =>
    index === undefined ? asText(kind) : `${asText(kind)}:${asText(index)}`,
  'torch._utils._rebuild_tensor': rebuildTensor,
  'torch._utils._rebuild_tensor_v2': rebuildTensor,
  'torch._utils._rebuild_parameter': ([tensor]) => tensor ?? null,
  ...Object.fromEntries(Object.keys(storageTypes).map((name) => [name, null])),
};

/** @throws ConvertError HOSTILE with the name that is not in the list. */
export function lookUpGlobal(module: string, name: string): PickleGlobal {
  const full = `${module}.${name}`;
  const call = Object.hasOwn(globals, full) ? globals[full] : undefined;
  if (call === undefined) {
    throw new ConvertError(
      'HOSTILE',
      `The checkpoint asks Python for "${full.slice(0, 200)}", which no pSp checkpoint needs. ` +
        'Nothing of it was run. Only use checkpoints from their authors.',
    );
  }
  return new PickleGlobal(full, call);
}

function makeDict(args: readonly PickleValue[]): PickleValue {
  const dict = new PickleDict();
  const pairs = args[0] ?? [];
  if (!Array.isArray(pairs)) throw malformed('a dictionary is made of something else than pairs');
  for (const pair of pairs) {
    const [key, value] = pair instanceof PickleTuple ? pair.items : Array.isArray(pair) ? pair : [];
    if (typeof key !== 'string' || value === undefined) throw malformed('a pair is not one');
    dict.entries.set(key, value);
  }
  return dict;
}

/** `('storage', type, key, device, length[, view])`: what torch puts in place of the numbers. */
export function makeStorage(id: PickleValue): StorageRef {
  const [tag, type, key, , length, view] = id instanceof PickleTuple ? id.items : [];
  const storageType = type instanceof PickleGlobal ? storageTypes[type.name] : undefined;
  if (tag !== 'storage' || storageType === undefined || typeof key !== 'string') {
    throw malformed('a storage is described in an unknown way');
  }
  if (!isCount(length)) throw malformed(`storage "${key}" has no length`);
  if (!(view instanceof PickleTuple)) return new StorageRef(storageType, key, length, 0);
  // The legacy format: (view key, offset in the root storage, length of the view).
  const [, viewOffset, viewLength] = view.items;
  if (!isCount(viewOffset) || !isCount(viewLength) || viewOffset + viewLength > length) {
    throw malformed(`the view of storage "${key}" lies outside of it`);
  }
  return new StorageRef(storageType, key, viewLength, viewOffset);
}

function rebuildTensor([storage, offset, size, stride]: readonly PickleValue[]): TensorRef {
  if (!(storage instanceof StorageRef) || !isCount(offset)) {
    throw malformed('a tensor has no storage');
  }
  const shape = readCounts(size);
  const strides = readCounts(stride);
  if (shape.length !== strides.length) {
    throw malformed(`a tensor has ${shape.length} sizes and ${strides.length} strides`);
  }
  const count = shape.reduce((product, n) => product * n, 1);
  const last = shape.reduce((sum, n, i) => sum + (n - 1) * (strides[i] ?? 0), offset);
  if (count > MAX_TENSOR_NUMBERS) {
    throw new ConvertError(
      'HOSTILE',
      `A tensor of [${shape.join(', ')}] is announced; at most ${MAX_TENSOR_NUMBERS} numbers are ` +
        'accepted.',
    );
  }
  if (count > storage.length) {
    throw new ConvertError(
      'HOSTILE',
      `A tensor of [${shape.join(', ')}] shows the ${storage.length} numbers of storage ` +
        `"${storage.key}" again and again, which no checkpoint needs.`,
    );
  }
  if (count > 0 && last >= storage.length) {
    throw malformed(
      `a tensor of [${shape.join(', ')}] reaches to number ${last} of storage "${storage.key}", ` +
        `which has ${storage.length}`,
    );
  }
  return new TensorRef(storage, offset, shape, strides);
}

function readCounts(value: PickleValue | undefined): number[] {
  const items = value instanceof PickleTuple ? value.items : Array.isArray(value) ? value : [null];
  if (items.length > MAX_RANK) throw malformed(`a tensor has ${items.length} dimensions`);
  return items.map((item) => {
    if (!isCount(item)) throw malformed('a tensor has no proper shape');
    return item;
  });
}

const isCount = (value: PickleValue | undefined): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;

const malformed = (problem: string): ConvertError =>
  new ConvertError('CORRUPT', `The checkpoint is damaged: ${problem}. Download it again.`);
