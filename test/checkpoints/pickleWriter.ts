/** A value for `writePickle`: plain data, plus torch's tensors and a state dict. */
export type Picklable =
  | null
  | boolean
  | number
  | string
  | PickledTuple
  | PickledTensor
  | readonly Picklable[]
  | ReadonlyMap<string, Picklable>;

export class PickledTuple {
  constructor(readonly items: readonly Picklable[]) {}
}

export class PickledTensor {
  constructor(
    /** `FloatStorage`, `HalfStorage`, … */
    readonly storageType: string,
    readonly key: string,
    /** Numbers in the storage. */
    readonly length: number,
    readonly shape: readonly number[],
    readonly strides: readonly number[] = rowMajorStrides(shape),
    readonly offset = 0,
  ) {}
}

function rowMajorStrides(shape: readonly number[]): number[] {
  const strides: number[] = [];
  shape.reduceRight((step, size) => (strides.unshift(step), step * size), 1);
  return strides;
}

/**
 * Pickles by protocol 2, as torch.save does. Maps become OrderedDicts.
 * @param legacy storages carry a sixth field, as before torch 1.6
 */
export function writePickle(value: Picklable, { legacy = false } = {}): Buffer {
  const parts: Buffer[] = [Buffer.from([0x80, 2])];
  const put = (...bytes: number[]): void => void parts.push(Buffer.from(bytes));
  const text = (line: string): void => void parts.push(Buffer.from(line));

  function write(item: Picklable): void {
    if (item === null) put(0x4e);
    else if (typeof item === 'boolean') put(item ? 0x88 : 0x89);
    else if (typeof item === 'number') writeNumber(item);
    else if (typeof item === 'string') writeText(item);
    else if (item instanceof PickledTuple) writeTuple(item.items);
    else if (item instanceof PickledTensor) writeTensor(item);
    else if (item instanceof Map) writeDict(item);
    else {
      text(']('); // EMPTY_LIST, MARK
      for (const child of item as readonly Picklable[]) write(child);
      text('e'); // APPENDS
    }
  }

  function writeNumber(item: number): void {
    const bytes = Buffer.alloc(Number.isInteger(item) ? 5 : 9);
    if (Number.isInteger(item)) bytes.writeInt32LE(item, 1);
    else bytes.writeDoubleBE(item, 1);
    bytes[0] = Number.isInteger(item) ? 0x4a : 0x47; // BININT, BINFLOAT
    parts.push(bytes);
  }

  function writeText(item: string): void {
    const head = Buffer.from([0x58, 0, 0, 0, 0]); // BINUNICODE
    head.writeUInt32LE(Buffer.byteLength(item), 1);
    parts.push(head, Buffer.from(item));
  }

  function writeTuple(items: readonly Picklable[]): void {
    text('('); // MARK
    items.forEach(write);
    text('t'); // TUPLE
  }

  function writeDict(entries: ReadonlyMap<string, Picklable>): void {
    text('ccollections\nOrderedDict\n)R('); // GLOBAL, EMPTY_TUPLE, REDUCE, MARK
    for (const [key, child] of entries) {
      write(key);
      write(child);
    }
    text('u'); // SETITEMS
  }

  function writeTensor({ storageType, key, length, shape, strides, offset }: PickledTensor): void {
    text('ctorch._utils\n_rebuild_tensor_v2\n(('); // GLOBAL, MARK, MARK
    write('storage');
    text(`ctorch\n${storageType}\n`);
    write(key);
    write('cpu');
    write(length);
    if (legacy) write(null);
    text('tQ'); // TUPLE, BINPERSID
    write(offset);
    writeTuple(shape);
    writeTuple(strides);
    write(false);
    writeDict(new Map());
    text('tR'); // TUPLE, REDUCE
  }

  write(value);
  text('.'); // STOP
  return Buffer.concat(parts);
}
