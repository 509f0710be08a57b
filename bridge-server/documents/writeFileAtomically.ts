import { randomBytes } from 'node:crypto';
import { chmod, constants, copyFile, link, open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { PspError } from '../../protocol/errors';
import type { ByteSink } from '../../psd';
import { describeFileError, isFileError } from '../fileErrors';
import { fileSink } from './fileBytes';

export interface WriteOptions {
  /** Keeps the file that is replaced as FILE.bak, FILE.bak2, … */
  readonly backup?: boolean;
}

/**
 * Writes a whole file or nothing: into a draft beside it, flushed to the disk, then renamed over it.
 * @returns the backup's name, where one was asked for and there was something to keep
 * @throws PspError OUTPUT_FAILED with the reason, or what `fill` throws; the target is as it was
 */
export async function writeFileAtomically(
  file: string,
  fill: (sink: ByteSink) => Promise<unknown>,
  options: WriteOptions = {},
): Promise<string | null> {
  const draft = `${file}.${randomBytes(4).toString('hex')}.part`;
  try {
    const handle = await open(draft, 'wx');
    try {
      const sink = fileSink(handle);
      await fill(sink);
      await sink.flush();
      await handle.sync();
    } finally {
      await handle.close();
    }
    const mode = await stat(file).then(
      (old) => old.mode,
      () => null,
    );
    if (mode !== null) await chmod(draft, mode & 0o777);
    const backup = options.backup && mode !== null ? await keepBackup(file) : null;
    await rename(draft, file);
    await syncFolder(dirname(file));
    return backup;
  } catch (cause) {
    // Where there can be no draft, what failed before is what is told.
    await rm(draft, { force: true }).catch(() => undefined);
    if (!isFileError(cause)) throw cause;
    const message = `${file} cannot be written: ${describeFileError(cause)}. Write it elsewhere.`;
    throw new PspError('OUTPUT_FAILED', message, { cause });
  }
}

/** A second name for the file costs nothing; disks without hard links get a copy. */
async function keepBackup(file: string): Promise<string> {
  for (let number = 1; ; number += 1) {
    const backup = `${file}.bak${number === 1 ? '' : number}`;
    try {
      await link(file, backup).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'EEXIST') throw error;
        return copyFile(file, backup, constants.COPYFILE_EXCL);
      });
      return backup;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

/** Makes the rename outlive a power cut; Windows does so by itself and opens no folders. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  await handle.sync().finally(() => handle.close());
}
