import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { PspError } from '../../../protocol/errors';
import { pictureEndings } from '../../../protocol/pictureFiles';

const extensions: ReadonlySet<string> = new Set([...pictureEndings, '.psd', '.psb']);

export interface Inputs {
  readonly files: readonly string[];
  /** Links in the folders that lead nowhere. */
  readonly lost: readonly string[];
}

/**
 * The files that folders, file names and patterns (`*` and `?` in the last part) mean, each once, in
 * the order of their names. Folders and patterns give what an operation can open, links to files
 * included; hidden files and folders inside are left out, so results in one are never taken for inputs.
 * @throws PspError NOT_FOUND for a name that leads to nothing
 */
export async function listInputs(names: readonly string[]): Promise<Inputs> {
  const lists = await Promise.all(names.map(listOne));
  const all = (of: 'files' | 'lost'): readonly string[] => [
    ...new Set(lists.flatMap((list) => list[of])),
  ];
  return { files: all('files'), lost: all('lost') };
}

async function listOne(name: string): Promise<Inputs> {
  const entry = await stat(name).catch(() => null);
  if (entry?.isDirectory()) return picturesIn(name, () => true, name);
  if (entry) return { files: [name], lost: [] };
  if (/[*?]/.test(basename(name))) {
    const pattern = toPattern(basename(name));
    return picturesIn(dirname(name), (file) => pattern.test(file), name);
  }
  throw new PspError('NOT_FOUND', `${name} does not exist. Name a folder, a file or a pattern.`);
}

async function picturesIn(
  folder: string,
  fits: (file: string) => boolean,
  asked: string,
): Promise<Inputs> {
  const found = await listPictures(folder, fits);
  if (found.files.length > 0) return found;
  throw new PspError(
    'NOT_FOUND',
    `There is nothing to work on in ${asked}. Files must end in ${[...extensions].join(', ')}.`,
  );
}

/** The pictures and documents of one folder, by their names. */
export async function listPictures(
  folder: string,
  fits: (file: string) => boolean = () => true,
): Promise<Inputs> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const files: string[] = [];
  const lost: string[] = [];
  for (const entry of entries) {
    const { name } = entry;
    if (name.startsWith('.') || !extensions.has(extname(name).toLowerCase()) || !fits(name)) {
      continue;
    }
    const path = join(folder, name);
    const file = entry.isSymbolicLink() ? await stat(path).catch(() => null) : entry;
    if (file === null) lost.push(path);
    else if (file.isFile()) files.push(path);
  }
  return { files: files.sort(), lost: lost.sort() };
}

function toPattern(glob: string): RegExp {
  const escaped = glob.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`);
}
