import { randomBytes } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { PspError } from '../../protocol/errors';

/** Takes a file's bytes in order; a chunk has been used when the promise resolves. */
export interface FileSink {
  write(bytes: Uint8Array): Promise<void>;
}

/** Why a file could not be written, for people; other codes are told as they are. */
const reasons: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full. Free some space',
  EDQUOT: 'your disk quota is used up. Free some space',
  EACCES: 'you may not write there. Name another folder',
  EPERM: 'you may not write there. Name another folder',
  EROFS: 'the disk is read-only. Name another folder',
  ENOENT: 'its folder does not exist. Create it first',
  ENOTDIR: 'a part of its path is not a folder. Name another folder',
  EISDIR: 'it is a folder. Name a file',
};

/**
 * Writes a whole file or nothing: into a draft beside it, flushed to the disk, then renamed over it.
 * @throws PspError OUTPUT_FAILED with the reason, or what `fill` throws; the target is as it was
 */
export async function writeFileAtomically(
  file: string,
  fill: (sink: FileSink) => Promise<void>,
): Promise<void> {
  const draft = `${file}.${randomBytes(4).toString('hex')}.part`;
  try {
    const handle = await open(draft, 'wx');
    try {
      await fill({ write: (bytes) => handle.writeFile(bytes) });
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, file);
  } catch (cause) {
    await rm(draft, { force: true });
    const { code, syscall } = cause as NodeJS.ErrnoException;
    if (code === undefined || syscall === undefined) throw cause;
    throw new PspError('OUTPUT_FAILED', `${file} cannot be written: ${reasons[code] ?? code}.`, {
      cause,
    });
  }
}
