import { ConvertError } from '../errors';
import { PickleBytes } from './pickleBytes';
import { lookUpGlobal, makeStorage } from './pickleGlobals';
import {
  asText,
  PickleDict,
  PickleGlobal,
  PickleTuple,
  type PickleValue,
  type StorageRef,
} from './pickleValues';

/** The official checkpoints' pickles have some 80 KB; every value takes at least one byte. */
export const MAX_PICKLE_BYTES = 16 * 2 ** 20;
/** Opcodes, and values copied by them: what the official checkpoints need, ten times over. */
const MAX_STEPS = 1_000_000;
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
  return new PickleReader(new PickleBytes(bytes, start)).run();
}

export interface Pickle {
  readonly value: PickleValue;
  /** The byte behind it. */
  readonly end: number;
  /** Every storage that is mentioned, repeats included. */
  readonly storages: readonly StorageRef[];
}

class PickleReader {
  private readonly stack: StackValue[] = [];
  private readonly storages: StorageRef[] = [];
  private readonly memo = new Map<number, PickleValue>();
  private steps = 0;

  constructor(private readonly input: PickleBytes) {}

  run(): Pickle {
    for (;;) {
      const opcode = this.input.byte();
      // STOP
      if (opcode === 0x2e)
        return { value: this.pop(), end: this.input.at, storages: this.storages };
      this.step(opcode);
    }
  }

  /** One opcode of a few bytes can copy, or make, much more than it reads. */
  private spend(steps: number): void {
    this.steps += steps;
    if (this.steps <= MAX_STEPS) return;
    throw new ConvertError(
      'HOSTILE',
      `The checkpoint's pickle takes more than ${MAX_STEPS} steps; an official one takes 80,000.`,
    );
  }

  private step(opcode: number): void {
    this.spend(1);
    switch (opcode) {
      case 0x80: // PROTO
        return this.checkProtocol(this.input.byte());
      case 0x95: // FRAME: a hint for buffering
        this.input.skip(8);
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
        return this.push(this.input.int32());
      case 0x4b: // BININT1
        return this.push(this.input.byte());
      case 0x4d: // BININT2
        return this.push(this.input.uint16());
      case 0x8a: // LONG1
        return this.push(this.input.long(this.input.byte()));
      case 0x47: // BINFLOAT
        return this.push(this.input.float64());

      case 0x58: // BINUNICODE
        return this.push(this.input.text(this.input.uint32()));
      case 0x8c: // SHORT_BINUNICODE
      case 0x55: // SHORT_BINSTRING, from Python 2
        return this.push(this.input.text(this.input.byte()));
      case 0x54: // BINSTRING, from Python 2
        return this.push(this.input.text(this.input.uint32()));
      case 0x42: // BINBYTES
        return this.push(this.input.slice(this.input.uint32()));
      case 0x43: // SHORT_BINBYTES
        return this.push(this.input.slice(this.input.byte()));

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
        return this.remember(this.input.byte());
      case 0x72: // LONG_BINPUT
        return this.remember(this.input.uint32());
      case 0x94: // MEMOIZE
        return this.remember(this.memo.size);
      case 0x68: // BINGET
        return this.recall(this.input.byte());
      case 0x6a: // LONG_BINGET
        return this.recall(this.input.uint32());

      case 0x63: // GLOBAL
        return this.push(lookUpGlobal(this.input.line(), this.input.line()));
      case 0x93: {
        // STACK_GLOBAL
        const [module, name] = this.popCount(2);
        // A list in a name's place is not written out: nested, it would fill the memory.
        return this.push(lookUpGlobal(asText(module), asText(name)));
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
            `${this.input.at - 1}: it is damaged or not written by torch.save.`,
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
      throw this.input.corrupt('something is called that cannot be');
    }
    for (const item of args.items) this.spend(sizeOf(item));
    this.push(callee.call(args.items));
  }

  /** `obj.__setstate__`: a namespace's attributes; a state dict's `_metadata` is of no use here. */
  private build(): void {
    const [target, state] = this.popCount(2);
    if (!(target instanceof PickleDict))
      throw this.input.corrupt('state is given to what has none');
    if (state instanceof PickleDict && target.entries.size === 0) {
      this.spend(state.entries.size);
      for (const [key, value] of state.entries) target.entries.set(key, value);
    }
    this.push(target);
  }

  private append(values: readonly PickleValue[]): void {
    const list = this.stack.at(-1);
    if (!Array.isArray(list)) throw this.input.corrupt('something is appended to what is no list');
    for (const value of values) list.push(value);
  }

  private setItems(values: readonly PickleValue[]): void {
    const dict = this.stack.at(-1);
    if (!(dict instanceof PickleDict) || values.length % 2 !== 0) {
      throw this.input.corrupt('items are set on what is no dictionary');
    }
    for (let i = 0; i < values.length; i += 2) {
      const key = values[i];
      if (typeof key !== 'string' && typeof key !== 'number') {
        throw this.input.corrupt('a dictionary has keys that are neither names nor numbers');
      }
      dict.entries.set(key, values[i + 1] ?? null);
    }
  }

  private remember(index: number): void {
    const value = this.stack.at(-1);
    if (value === undefined || value === MARK) throw this.input.corrupt('nothing is remembered');
    this.memo.set(index, value);
  }

  private recall(index: number): void {
    const value = this.memo.get(index);
    if (value === undefined) throw this.input.corrupt(`memo ${index} was never set`);
    this.push(value);
  }

  private push(value: PickleValue): void {
    this.stack.push(value);
  }

  private pop(): PickleValue {
    const value = this.stack.pop();
    if (value === undefined || value === MARK) throw this.input.corrupt('its stack is empty');
    return value;
  }

  private popCount(count: number): PickleValue[] {
    return Array.from({ length: count }, () => this.pop()).reverse();
  }

  private popToMark(): PickleValue[] {
    const mark = this.stack.lastIndexOf(MARK);
    if (mark < 0) throw this.input.corrupt('a mark is missing');
    const [, ...values] = this.stack.splice(mark) as [typeof MARK, ...PickleValue[]];
    return values;
  }
}

/** How many values a callee may look at. */
function sizeOf(value: PickleValue): number {
  if (value instanceof PickleTuple) return value.items.length;
  return Array.isArray(value) ? value.length : 1;
}
