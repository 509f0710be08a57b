import { util } from 'protobufjs';
import { ConvertError } from '../errors';
import { viewOf } from '../runtime';
import { lookUpGlobal, makeStorage } from './pickleGlobals';
import {
  PickleDict,
  PickleGlobal,
  PickleTuple,
  type PickleValue,
  type StorageRef,
} from './pickleValues';

/** The official checkpoints' pickles have some 80 KB; every value takes at least one byte. */
export const MAX_PICKLE_BYTES = 16 * 2 ** 20;
/** The keys and options of a checkpoint are short. */
const MAX_STRING_BYTES = 2 ** 20;
/** Python writes protocols 0 to 5; torch uses 2. 0 and 1 are text and are not needed. */
const PROTOCOLS = [2, 3, 4, 5];

const MARK = Symbol('mark');
type StackValue = PickleValue | typeof MARK;

/**
 * Reads one pickle: the data opcodes of protocols 2 to 5, and of the ones that call Python only the
 * names in `pickleGlobals`. Opcodes: CPython's Lib/pickletools.py.
 * @param bytes the pickle, possibly with other bytes behind it
 * @throws ConvertError CORRUPT, TRUNCATED, HOSTILE or FOREIGN.
 */
export function readPickle(bytes: Uint8Array, start = 0): Pickle {
  return new PickleReader(bytes, start).run();
}

export interface Pickle {
  readonly value: PickleValue;
  /** The byte behind it. */
  readonly end: number;
  /** Every storage that is mentioned, repeats included. */
  readonly storages: readonly StorageRef[];
}

class PickleReader {
  private readonly view: DataView;
  private readonly stack: StackValue[] = [];
  private readonly storages: StorageRef[] = [];
  private readonly memo = new Map<number, PickleValue>();

  constructor(
    private readonly bytes: Uint8Array,
    private at: number,
  ) {
    this.view = viewOf(bytes);
  }

  run(): Pickle {
    for (;;) {
      const opcode = this.byte();
      // STOP
      if (opcode === 0x2e) return { value: this.pop(), end: this.at, storages: this.storages };
      this.step(opcode);
    }
  }

  private step(opcode: number): void {
    switch (opcode) {
      case 0x80: // PROTO
        return this.checkProtocol(this.byte());
      case 0x95: // FRAME: a hint for buffering
        this.skip(8);
        return;
      case 0x28: // MARK
        this.stack.push(MARK);
        return;
      case 0x30: // POP
        this.stack.pop();
        return;
      case 0x31: // POP_MARK
        this.popToMark();
        return;

      case 0x4e: // NONE
        return this.push(null);
      case 0x88: // NEWTRUE
        return this.push(true);
      case 0x89: // NEWFALSE
        return this.push(false);
      case 0x4a: // BININT
        return this.push(this.view.getInt32(this.skip(4), true));
      case 0x4b: // BININT1
        return this.push(this.byte());
      case 0x4d: // BININT2
        return this.push(this.view.getUint16(this.skip(2), true));
      case 0x8a: // LONG1
        return this.push(this.long(this.byte()));
      case 0x47: // BINFLOAT
        return this.push(this.view.getFloat64(this.skip(8), false));

      case 0x58: // BINUNICODE
        return this.push(this.text(this.uint32()));
      case 0x8c: // SHORT_BINUNICODE
      case 0x55: // SHORT_BINSTRING, from Python 2
        return this.push(this.text(this.byte()));
      case 0x54: // BINSTRING, from Python 2
        return this.push(this.text(this.uint32()));
      case 0x42: // BINBYTES
        return this.push(this.slice(this.uint32()));
      case 0x43: // SHORT_BINBYTES
        return this.push(this.slice(this.byte()));

      case 0x29: // EMPTY_TUPLE
        return this.push(new PickleTuple([]));
      case 0x85: // TUPLE1
      case 0x86: // TUPLE2
      case 0x87: // TUPLE3
        return this.push(new PickleTuple(this.popCount(opcode - 0x84)));
      case 0x74: // TUPLE
        return this.push(new PickleTuple(this.popToMark()));
      case 0x5d: // EMPTY_LIST
        return this.push([]);
      case 0x61: // APPEND
        return this.append(this.popCount(1));
      case 0x65: // APPENDS
        return this.append(this.popToMark());
      case 0x7d: // EMPTY_DICT
        return this.push(new PickleDict());
      case 0x73: // SETITEM
        return this.setItems(this.popCount(2));
      case 0x75: // SETITEMS
        return this.setItems(this.popToMark());

      case 0x71: // BINPUT
        return this.remember(this.byte());
      case 0x72: // LONG_BINPUT
        return this.remember(this.uint32());
      case 0x94: // MEMOIZE
        return this.remember(this.memo.size);
      case 0x68: // BINGET
        return this.recall(this.byte());
      case 0x6a: // LONG_BINGET
        return this.recall(this.uint32());

      case 0x63: // GLOBAL
        return this.push(lookUpGlobal(this.line(), this.line()));
      case 0x93: {
        // STACK_GLOBAL
        const [module, name] = this.popCount(2);
        return this.push(lookUpGlobal(String(module), String(name)));
      }
      case 0x52: // REDUCE
      case 0x81: // NEWOBJ
        return this.call();
      case 0x62: // BUILD
        return this.build();
      case 0x51: // BINPERSID
        return this.refer(makeStorage(this.pop()));
      default:
        throw new ConvertError(
          'CORRUPT',
          `The checkpoint's pickle has the unknown opcode 0x${opcode.toString(16)} at byte ` +
            `${this.at - 1}: it is damaged or not written by torch.save.`,
        );
    }
  }

  private refer(storage: StorageRef): void {
    this.storages.push(storage);
    this.push(storage);
  }

  private checkProtocol(protocol: number): void {
    if (!PROTOCOLS.includes(protocol)) {
      throw new ConvertError('FOREIGN', `Pickle protocol ${protocol} is not one of torch.save's.`);
    }
  }

  private call(): void {
    const [callee, args] = this.popCount(2);
    if (!(callee instanceof PickleGlobal) || !callee.call || !(args instanceof PickleTuple)) {
      throw this.corrupt('something is called that cannot be');
    }
    this.push(callee.call(args.items));
  }

  /** `obj.__setstate__`: a namespace's attributes; a state dict's `_metadata` is of no use here. */
  private build(): void {
    const [target, state] = this.popCount(2);
    if (!(target instanceof PickleDict)) throw this.corrupt('state is given to what has none');
    if (state instanceof PickleDict && target.entries.size === 0) {
      for (const [key, value] of state.entries) target.entries.set(key, value);
    }
    this.push(target);
  }

  private append(values: readonly PickleValue[]): void {
    const list = this.stack.at(-1);
    if (!Array.isArray(list)) throw this.corrupt('something is appended to what is no list');
    for (const value of values) list.push(value);
  }

  private setItems(values: readonly PickleValue[]): void {
    const dict = this.stack.at(-1);
    if (!(dict instanceof PickleDict) || values.length % 2 !== 0) {
      throw this.corrupt('items are set on what is no dictionary');
    }
    for (let i = 0; i < values.length; i += 2) {
      const key = values[i];
      if (typeof key !== 'string' && typeof key !== 'number') {
        throw this.corrupt('a dictionary has keys that are neither names nor numbers');
      }
      dict.entries.set(key, values[i + 1] ?? null);
    }
  }

  private remember(index: number): void {
    const value = this.stack.at(-1);
    if (value === undefined || value === MARK) throw this.corrupt('nothing is remembered');
    this.memo.set(index, value);
  }

  private recall(index: number): void {
    const value = this.memo.get(index);
    if (value === undefined) throw this.corrupt(`memo ${index} was never set`);
    this.push(value);
  }

  private push(value: PickleValue): void {
    this.stack.push(value);
  }

  private pop(): PickleValue {
    const value = this.stack.pop();
    if (value === undefined || value === MARK) throw this.corrupt('its stack is empty');
    return value;
  }

  private popCount(count: number): PickleValue[] {
    return Array.from({ length: count }, () => this.pop()).reverse();
  }

  private popToMark(): PickleValue[] {
    const mark = this.stack.lastIndexOf(MARK);
    if (mark < 0) throw this.corrupt('a mark is missing');
    const [, ...values] = this.stack.splice(mark) as [typeof MARK, ...PickleValue[]];
    return values;
  }

  /** Moves on by `length` bytes and tells where they begin. */
  private skip(length: number): number {
    const start = this.at;
    if (start + length > this.bytes.length) {
      throw new ConvertError(
        'TRUNCATED',
        `The checkpoint's pickle breaks off at byte ${this.bytes.length}. Download it again.`,
      );
    }
    this.at += length;
    return start;
  }

  private byte(): number {
    return this.view.getUint8(this.skip(1));
  }

  private uint32(): number {
    return this.view.getUint32(this.skip(4), true);
  }

  private slice(length: number): Uint8Array {
    const start = this.skip(length);
    return this.bytes.slice(start, start + length);
  }

  private text(length: number): string {
    if (length > MAX_STRING_BYTES) throw this.corrupt(`a text of ${length} bytes`);
    const start = this.skip(length);
    return util.utf8.read(this.bytes, start, start + length);
  }

  /** Two's complement, little end first; torch's magic number has ten bytes. */
  private long(length: number): number | bigint {
    let value = 0n;
    const digits = this.slice(length);
    for (const digit of [...digits].reverse()) value = value * 256n + BigInt(digit);
    value = BigInt.asIntN(length * 8, value);
    const small = Number(value);
    return Number.isSafeInteger(small) ? small : value;
  }

  /** Up to the next newline. */
  private line(): string {
    const end = this.bytes.indexOf(0x0a, this.at);
    if (end < 0) return this.text(this.bytes.length + 1 - this.at);
    const text = this.text(end - this.at);
    this.skip(1);
    return text;
  }

  private corrupt(problem: string): ConvertError {
    return new ConvertError(
      'CORRUPT',
      `The checkpoint's pickle is damaged before byte ${this.at}: ${problem}. Download it again.`,
    );
  }
}
