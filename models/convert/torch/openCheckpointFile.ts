import { ConvertError } from '../errors';
import type { ByteSource } from '../runtime';
import type { CheckpointFile } from './checkpointFile';
import { readLegacyCheckpoint } from './legacyContainer';
import { readZipCheckpoint } from './zipContainer';

/**
 * Opens what `torch.save` wrote: a zip (torch 1.6 and later) or the older row of pickles.
 * @throws ConvertError, FOREIGN when it is neither.
 */
export async function openCheckpointFile(source: ByteSource): Promise<CheckpointFile> {
  const head = await source.read(0, Math.min(64, source.size));
  const starts = (...bytes: number[]): boolean => bytes.every((byte, i) => head[i] === byte);
  if (starts(0x50, 0x4b, 3, 4)) return readZipCheckpoint(source);
  if (starts(0x80)) return readLegacyCheckpoint(source);
  throw new ConvertError(
    'FOREIGN',
    `${source.name} is not a PyTorch checkpoint: ${describe(head)}.`,
  );
}

/** Downloads that went wrong are the most common foreign files. */
function describe(head: Uint8Array): string {
  if (head.length === 0) return 'it is empty';
  const text = String.fromCharCode(...head).trimStart();
  if (/^(<!doctype|<html|<\?xml)/i.test(text)) {
    return 'it is a web page, so the download did not work';
  }
  if (text.startsWith('version https://git')) {
    return 'it is a Git LFS pointer; fetch the file that it points to';
  }
  return 'it begins neither like a zip nor like a pickle';
}
