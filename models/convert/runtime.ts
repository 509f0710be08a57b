import { ConvertError } from './errors';

/** A file that can be read anywhere. */
export interface ByteSource {
  /** For messages and `model.json`: the file's name without its folder. */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** `length` bytes from `offset`, fewer only where the file ends. */
  read(offset: number, length: number): Promise<Uint8Array>;
}

/** An incremental digest. */
export interface Digest {
  update(bytes: Uint8Array): void;
  /** Lower-case hexadecimal. */
  hex(): string;
}

/** What the converter needs of the platform besides files. */
export interface Checksums {
  sha256(): Digest;
  /** CRC-32 (IEEE 802.3) continued from `previous`, which starts at 0. */
  crc32(bytes: Uint8Array, previous: number): number;
}

/** The part of AbortSignal that is looked at. */
export interface CancelSignal {
  readonly aborted: boolean;
}

/** @throws ConvertError CANCELLED */
export function throwIfCancelled(signal: CancelSignal | undefined): void {
  if (signal?.aborted) throw new ConvertError('CANCELLED', 'The import was cancelled.');
}

/**
 * Exactly `length` bytes from `offset`.
 * @throws ConvertError TRUNCATED naming `what` was being read.
 */
export async function readExactly(
  source: ByteSource,
  offset: number,
  length: number,
  what: string,
): Promise<Uint8Array> {
  const bytes = offset + length <= source.size ? await source.read(offset, length) : undefined;
  if (bytes?.length === length) return bytes;
  throw new ConvertError(
    'TRUNCATED',
    `${source.name} is cut short: ${what} needs ${length} bytes at ${offset}, but the file has ` +
      `${source.size}. Download it again.`,
  );
}

/** A view for reading numbers out of bytes. */
export const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
