import { open, type FileHandle } from 'node:fs/promises';
import { pipeline, Readable } from 'node:stream';
import { createInflate } from 'node:zlib';
import type { ByteSink, ByteSource, Inflate } from '../../psd';
import { versionFrom, type FileVersion } from './fileVersion';

export interface FileSource extends ByteSource {
  /** Of the file as it was opened, and as it is now, whatever has its name by then. */
  readonly version: FileVersion;
  versionNow(): Promise<FileVersion>;
  close(): Promise<void>;
}

/** Opens a file for `psd/`; whoever opens it closes it. */
export async function openFileSource(path: string): Promise<FileSource> {
  const file = await open(path, 'r');
  const versionNow = async (): Promise<FileVersion> =>
    versionFrom(await file.stat({ bigint: true }));
  const version = await versionNow();
  return {
    size: version.size,
    version,
    versionNow,
    read: (offset, into) => readFully(file, offset, into),
    close: () => file.close(),
  };
}

async function readFully(file: FileHandle, offset: number, into: Uint8Array): Promise<void> {
  for (let done = 0; done < into.length;) {
    const { bytesRead } = await file.read(into, done, into.length - done, offset + done);
    if (bytesRead === 0) throw new Error(`The file became shorter than ${offset + done} bytes.`);
    done += bytesRead;
  }
}

/** Small writes are collected: tables and headers come in pieces of a few bytes. */
const COLLECT_BYTES = 1024 * 1024;

/** Writes to an open file from its current position; `flush` before it is closed. */
export function fileSink(file: FileHandle): ByteSink & { flush(): Promise<void> } {
  const collected = Buffer.alloc(COLLECT_BYTES);
  let used = 0;
  const writeFully = async (bytes: Uint8Array): Promise<void> => {
    for (let done = 0; done < bytes.length;) {
      done += (await file.write(bytes, done, bytes.length - done)).bytesWritten;
    }
  };
  const flush = async (): Promise<void> => {
    const bytes = collected.subarray(0, used);
    used = 0;
    await writeFully(bytes);
  };
  return {
    flush,
    write: async (bytes) => {
      if (used + bytes.length > COLLECT_BYTES) await flush();
      if (bytes.length >= COLLECT_BYTES) return writeFully(bytes);
      collected.set(bytes, used);
      used += bytes.length;
    },
  };
}

/** zlib for ZIP compressed layers. Stopping the iteration early closes the stream. */
export const inflate: Inflate = (chunks) =>
  // Errors reach whoever iterates; the callback only keeps them from being unhandled.
  pipeline(Readable.from(chunks), createInflate(), () => undefined);
