import { ConvertError } from '../errors';
import {
  readExactly,
  throwIfCancelled,
  type ByteSource,
  type CancelSignal,
  type Checksums,
} from '../runtime';
import type { CheckedRun, CheckpointFile } from './checkpointFile';

const CHUNK_BYTES = 4 * 2 ** 20;

/**
 * Reads the whole file once: its SHA-256, and every run's CRC-32 on the way.
 * @param onProgress fraction done, 0..1
 * @returns the file's SHA-256 in hexadecimal
 * @throws ConvertError CORRUPT naming the first run whose bytes have changed; CANCELLED.
 */
export async function verifyFile(
  source: ByteSource,
  file: CheckpointFile,
  checksums: Checksums,
  signal: CancelSignal | undefined,
  onProgress: (fraction: number) => void,
): Promise<string> {
  const digest = checksums.sha256();
  const runs = [...file.checkedRuns].sort((a, b) => a.offset - b.offset);
  let current: { readonly run: CheckedRun; crc32: number } | undefined;
  for (let at = 0; at < source.size; at += CHUNK_BYTES) {
    throwIfCancelled(signal);
    const end = Math.min(source.size, at + CHUNK_BYTES);
    const chunk = await readExactly(source, at, end - at, 'the file');
    digest.update(chunk);
    while ((current ??= begin(runs)) && current.run.offset < end) {
      const { offset, size } = current.run;
      const stop = Math.min(end, offset + size);
      const part = chunk.subarray(Math.max(offset, at) - at, stop - at);
      current.crc32 = checksums.crc32(part, current.crc32);
      if (stop < offset + size) break;
      finish(source, current);
      current = undefined;
    }
    onProgress(end / source.size);
  }
  return digest.hex();
}

function begin(runs: CheckedRun[]): { run: CheckedRun; crc32: number } | undefined {
  const run = runs.shift();
  return run && { run, crc32: 0 };
}

function finish(source: ByteSource, { run, crc32 }: { run: CheckedRun; crc32: number }): void {
  if (crc32 === run.crc32) return;
  throw new ConvertError(
    'CORRUPT',
    `${source.name} is damaged: the checksum of "${run.name}" in it is wrong. Download it again.`,
  );
}
