import { access, constants, mkdir, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { PspError } from '../../protocol/errors';
import { describeFileError, isFileError } from '../fileErrors';
import { realName } from './fileVersion';

/** What the system refused about a file or folder of results, in words; other errors stay as they are. */
export function unwritable(file: string, cause: unknown): unknown {
  if (!isFileError(cause)) return cause;
  const message = `${file} cannot be written: ${describeFileError(cause)}. Write it elsewhere.`;
  return new PspError('OUTPUT_FAILED', message, { cause });
}

/** Before the networks have worked for nothing. @throws PspError OUTPUT_FAILED where no file could appear */
export async function requireWritable(file: string): Promise<void> {
  const folder = dirname(await realName(file));
  await access(folder, constants.W_OK).catch((cause: unknown) => {
    throw unwritable(file, cause);
  });
}

/**
 * Makes a folder and those it lies in. Node's own way never ends where a system answers that there is no
 * such folder for one that nobody may make, as automounters do.
 * @throws PspError OUTPUT_FAILED
 */
export async function makeFolder(folder: string): Promise<void> {
  await make(resolve(folder)).catch((cause: unknown) => {
    throw unwritable(folder, cause);
  });
}

async function make(folder: string): Promise<void> {
  if (await isFolder(folder)) return;
  if (dirname(folder) !== folder) await make(dirname(folder));
  await mkdir(folder).catch(async (error: unknown) => {
    // Another run of the batch may have been quicker.
    if (!(await isFolder(folder))) throw error;
  });
}

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (entry) => entry.isDirectory(),
    () => false,
  );

/** Whether more results in the same place would fail alike. */
export const isDiskFull = ({ code, cause }: PspError): boolean =>
  code === 'OUTPUT_FAILED' && isFileError(cause) && ['ENOSPC', 'EDQUOT'].includes(cause.code ?? '');
