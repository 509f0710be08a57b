import { stat } from 'node:fs/promises';
import { PspError } from '../protocol/errors';

/** What people are told of the system's codes; others are told as the system does. */
const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  EEXIST: 'there is a file of that name',
  ENOTDIR: 'a part of the path is not a folder',
  EISDIR: 'it is a folder',
  ENAMETOOLONG: 'the name is too long',
  ELOOP: 'its links lead in a circle',
  EMFILE: 'too many files are open',
  EACCES: 'permission is denied',
  EPERM: 'permission is denied',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
};

/** Whether the system refused something, rather than us or a library. */
export const isFileError = (error: unknown): error is NodeJS.ErrnoException =>
  typeof error === 'object' && error !== null && 'syscall' in error;

/** Why a file could not be read or written, to follow a colon. */
export function describeFileError(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return (code !== undefined && reasons[code]) || message;
}

/** An error of the system about a file that a user named, in words; others stay as they are. */
export function unreadable(file: string, error: unknown): unknown {
  if (!isFileError(error)) return error;
  const message =
    error.code === 'ENOENT'
      ? `There is no file ${file}. Check its name.`
      : `${file} cannot be read: ${describeFileError(error)}.`;
  return new PspError('BAD_INPUT', message, { cause: error });
}

/**
 * Before a library is given a name that may lead to anything: a pipe would be waited for for ever.
 * @throws PspError BAD_INPUT for what is not there or is no file
 */
export async function requireFile(file: string): Promise<void> {
  const entry = await stat(file).catch((error: unknown) => {
    throw unreadable(file, error);
  });
  if (entry.isFile()) return;
  const what = entry.isDirectory() ? 'is a folder' : 'is no file with content of its own';
  throw new PspError('BAD_INPUT', `${file} ${what}. Name a file.`);
}
