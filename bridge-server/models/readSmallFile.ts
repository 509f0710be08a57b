import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { describeFileError, isFileError } from '../fileErrors';

/**
 * A text file whoever may have put it there: a pipe in its place is not waited for, a huge one not read.
 * @returns `null` when there is none
 * @throws Error with a sentence when it is there and cannot be read so
 */
export async function readSmallFile(path: string, maxBytes: number): Promise<string | null> {
  try {
    // Windows has no O_NONBLOCK, and no pipes with names in the file system.
    const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      const status = await file.stat();
      if (!status.isFile()) throw new Error(`${path} is not a file.`);
      if (status.size > maxBytes) throw new Error(`${path} has more than ${maxBytes} bytes.`);
      return await file.readFile('utf8');
    } finally {
      await file.close();
    }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    if (isFileError(error))
      throw new Error(`${path}: ${describeFileError(error)}.`, { cause: error });
    throw error;
  }
}
