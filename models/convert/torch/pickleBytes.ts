import { util } from 'protobufjs';
import { ConvertError } from '../errors';
import { viewOf } from '../runtime';

/** The keys and options of a checkpoint are short. */
const MAX_STRING_BYTES = 2 ** 20;

/** The operands of a pickle's opcodes, read one after the other. */
export class PickleBytes {
  private readonly view: DataView;

  constructor(
    private readonly bytes: Uint8Array,
    /** The byte that is read next. */
    public at: number,
  ) {
    this.view = viewOf(bytes);
  }

  /**
   * Moves on by `length` bytes and tells where they begin.
   * @throws ConvertError TRUNCATED
   */
  skip(length: number): number {
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

  byte(): number {
    return this.view.getUint8(this.skip(1));
  }

  uint16(): number {
    return this.view.getUint16(this.skip(2), true);
  }

  int32(): number {
    return this.view.getInt32(this.skip(4), true);
  }

  uint32(): number {
    return this.view.getUint32(this.skip(4), true);
  }

  /** Floats are the only numbers with the big end first. */
  float64(): number {
    return this.view.getFloat64(this.skip(8), false);
  }

  slice(length: number): Uint8Array {
    const start = this.skip(length);
    return this.bytes.slice(start, start + length);
  }

  /** UTF-8. */
  text(length: number): string {
    if (length > MAX_STRING_BYTES) throw this.corrupt(`a text of ${length} bytes`);
    const start = this.skip(length);
    return util.utf8.read(this.bytes, start, start + length);
  }

  /** Two's complement, little end first; torch's magic number has ten bytes. */
  long(length: number): number | bigint {
    let value = 0n;
    for (const digit of [...this.slice(length)].reverse()) value = value * 256n + BigInt(digit);
    value = BigInt.asIntN(length * 8, value);
    const small = Number(value);
    return Number.isSafeInteger(small) ? small : value;
  }

  /** Up to the next newline. */
  line(): string {
    const end = this.bytes.indexOf(0x0a, this.at);
    const text = this.text((end < 0 ? this.bytes.length + 1 : end) - this.at);
    this.skip(1);
    return text;
  }

  corrupt(problem: string): ConvertError {
    return new ConvertError(
      'CORRUPT',
      `The checkpoint's pickle is damaged before byte ${this.at}: ${problem}. Download it again.`,
    );
  }
}
