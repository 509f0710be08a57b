import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { PspError } from '../../../protocol/errors';
import { pictureEndings } from '../../image/pictureEndings';

const extensions: ReadonlySet<string> = new Set([...pictureEndings, '.psd', '.psb']);

/**
 * The files that folders, file names and patterns (`*` and `?` in the last part) mean, each once, in
 * the order of their names. Folders and patterns give what an operation can open; hidden files and
 * folders inside are left out, so results in one are never taken for inputs.
 * @throws PspError NOT_FOUND for a name that leads to nothing
 */
export async function listInputs(names: readonly string[]): Promise<readonly string[]> {
  const lists = await Promise.all(names.map(listOne));
  return [...new Set(lists.flat())];
}

async function listOne(name: string): Promise<readonly string[]> {
  const entry = await stat(name).catch(() => null);
  if (entry?.isDirectory()) return filesOf(name, () => true, name);
  if (entry) return [name];
  if (/[*?]/.test(basename(name))) {
    const pattern = toPattern(basename(name));
    return filesOf(dirname(name), (file) => pattern.test(file), name);
  }
  throw new PspError('NOT_FOUND', `${name} does not exist. Name a folder, a file or a pattern.`);
}

async function filesOf(
  folder: string,
  fits: (file: string) => boolean,
  asked: string,
): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const files = entries
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.') && fits(entry.name))
    .filter((entry) => extensions.has(extname(entry.name).toLowerCase()))
    .map((entry) => join(folder, entry.name))
    .sort();
  if (files.length > 0) return files;
  throw new PspError(
    'NOT_FOUND',
    `There is nothing to work on in ${asked}. Files must end in ${[...extensions].join(', ')}.`,
  );
}

function toPattern(glob: string): RegExp {
  const escaped = glob.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`);
}
