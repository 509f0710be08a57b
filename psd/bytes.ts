/** Random access to a file's bytes, whatever holds them. */
export interface ByteSource {
  readonly size: number;
  /** Fills `into` with the bytes from `offset` on; rejects when there are fewer. */
  read(offset: number, into: Uint8Array): Promise<void>;
}

/** Takes the result's bytes in order. A chunk must have been used when the promise resolves. */
export interface ByteSink {
  write(bytes: Uint8Array): Promise<void>;
}

/** Inflates a zlib stream (RFC 1950) chunk by chunk; throws when it is damaged. */
export type Inflate = (chunks: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>;

export async function readBytes(
  source: ByteSource,
  offset: number,
  length: number,
): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  await source.read(offset, bytes);
  return bytes;
}

/** A document that is wholly in memory, as browsers and tests have it. */
export function memorySource(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.length,
    read: async (offset, into) => {
      if (offset < 0 || offset + into.length > bytes.length) {
        throw new RangeError(`Bytes ${offset} to ${offset + into.length} of ${bytes.length}`);
      }
      into.set(bytes.subarray(offset, offset + into.length));
    },
  };
}

/** Collects what is written; `bytes()` joins it. */
export function memorySink(): ByteSink & { bytes(): Uint8Array } {
  const chunks: Uint8Array[] = [];
  return {
    write: async (bytes) => void chunks.push(bytes.slice()),
    bytes: () => concatenate(chunks),
  };
}

export function concatenate(chunks: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let position = 0;
  for (const chunk of chunks) {
    joined.set(chunk, position);
    position += chunk.length;
  }
  return joined;
}

/** Big-endian numbers and strings, as the format has them. */
export class ByteWriter {
  private buffer = new Uint8Array(256);
  private view = new DataView(this.buffer.buffer);
  private used = 0;

  get length(): number {
    return this.used;
  }

  bytes(): Uint8Array {
    return this.buffer.slice(0, this.used);
  }

  uint8(value: number): this {
    const at = this.claim(1);
    this.view.setUint8(at, value);
    return this;
  }

  uint16(value: number): this {
    const at = this.claim(2);
    this.view.setUint16(at, value);
    return this;
  }

  int16(value: number): this {
    const at = this.claim(2);
    this.view.setInt16(at, value);
    return this;
  }

  uint32(value: number): this {
    const at = this.claim(4);
    this.view.setUint32(at, value);
    return this;
  }

  int32(value: number): this {
    const at = this.claim(4);
    this.view.setInt32(at, value);
    return this;
  }

  uint64(value: number): this {
    return this.uint32(Math.floor(value / 2 ** 32)).uint32(value % 2 ** 32);
  }

  /** A length field: 4 bytes in PSD, 8 in PSB. */
  size(value: number, large: boolean): this {
    return large ? this.uint64(value) : this.uint32(value);
  }

  /** One byte a character: signatures and keys. */
  ascii(text: string): this {
    const start = this.claim(text.length);
    for (let i = 0; i < text.length; i++) this.buffer[start + i] = text.charCodeAt(i);
    return this;
  }

  append(bytes: Uint8Array): this {
    const start = this.claim(bytes.length);
    this.buffer.set(bytes, start);
    return this;
  }

  zeros(count: number): this {
    const start = this.claim(count);
    this.buffer.fill(0, start, start + count);
    return this;
  }

  private claim(count: number): number {
    const start = this.used;
    this.used += count;
    if (this.used > this.buffer.length) {
      const grown = new Uint8Array(Math.max(this.used, this.buffer.length * 2));
      grown.set(this.buffer.subarray(0, start));
      this.buffer = grown;
      this.view = new DataView(grown.buffer);
    }
    return start;
  }
}
