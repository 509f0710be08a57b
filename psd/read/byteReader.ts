import type { ByteSource } from '../bytes';
import { damaged } from '../errors';

/** What is read ahead: many small fields lie together, pixel data between them is skipped. */
const WINDOW_BYTES = 64 * 1024;
/** No field that is read whole is longer (names, keys, channel lists); larger ones are skipped. */
const MAX_TAKE_BYTES = 1024 * 1024;

/** Reads a range of a source in order, never past its end. */
export class ByteReader {
  private window = new Uint8Array(0);
  private windowStart = 0;

  constructor(
    private readonly source: ByteSource,
    public position: number,
    readonly end: number,
  ) {}

  get remaining(): number {
    return this.end - this.position;
  }

  /** The next `length` bytes as a view; `what` names them when the range ends too early. */
  async take(length: number, what: string): Promise<DataView> {
    const view = await this.peek(length, what);
    this.position += length;
    return view;
  }

  async peek(length: number, what: string): Promise<DataView> {
    this.claim(length, what);
    if (length > MAX_TAKE_BYTES) throw damaged(`${what} claims ${length} bytes`);
    const windowEnd = this.windowStart + this.window.length;
    if (this.position < this.windowStart || this.position + length > windowEnd) {
      const size = Math.min(Math.max(length, WINDOW_BYTES), this.remaining);
      this.window = new Uint8Array(size);
      this.windowStart = this.position;
      await this.source.read(this.position, this.window);
    }
    return new DataView(this.window.buffer, this.position - this.windowStart, length);
  }

  skip(length: number, what: string): void {
    this.claim(length, what);
    this.position += length;
  }

  async uint16(what: string): Promise<number> {
    return (await this.take(2, what)).getUint16(0);
  }

  async uint32(what: string): Promise<number> {
    return (await this.take(4, what)).getUint32(0);
  }

  /** A length field: 4 bytes in PSD, 8 in PSB. */
  async size(large: boolean, what: string): Promise<number> {
    if (!large) return this.uint32(what);
    const view = await this.take(8, what);
    return readUint64(view, 0);
  }

  /** The same bytes, ended earlier. */
  within(end: number): ByteReader {
    return this.share(this.position, end);
  }

  /** The same bytes from elsewhere; this reader stays where it is. */
  at(position: number): ByteReader {
    return this.share(position, this.end);
  }

  private share(position: number, end: number): ByteReader {
    const reader = new ByteReader(this.source, position, end);
    reader.window = this.window;
    reader.windowStart = this.windowStart;
    return reader;
  }

  private claim(length: number, what: string): void {
    if (length > this.remaining) {
      throw damaged(
        `${what} needs ${length} bytes at offset ${this.position}, but only ${Math.max(0, this.remaining)} are left`,
      );
    }
  }
}

/** Lengths beyond 2⁵³ stay larger than any file, which is all that is asked of them. */
export const readUint64 = (view: DataView, at: number): number =>
  view.getUint32(at) * 2 ** 32 + view.getUint32(at + 4);

export function readAscii(view: DataView, at: number, length: number): string {
  let text = '';
  for (let i = 0; i < length; i++) text += String.fromCharCode(view.getUint8(at + i));
  return text;
}
