import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, extname, join, relative, resolve, sep } from 'node:path';
import { text } from 'node:stream/consumers';
import { PspError } from '../../../protocol/errors';
import { pictureEndings } from '../../../protocol/pictureFiles';
import { unreadable } from '../../fileErrors';

const extensions: ReadonlySet<string> = new Set([...pictureEndings, '.psd', '.psb']);

export interface ListedFile {
  readonly path: string;
  /** Its path in the folder that was named, the same on every machine. */
  readonly key: string;
}

export interface Inputs {
  readonly files: readonly ListedFile[];
  /** Links in the folders that lead nowhere. */
  readonly lost: readonly string[];
}

export interface ListOptions {
  /** Folders in folders too. */
  readonly recursive: boolean;
  /** Folders of results, which are never inputs. */
  readonly isResultFolder: (folder: string) => Promise<boolean>;
}

/**
 * The files that folders, file names and patterns (`*` and `?` in the last part) mean, each once, in
 * the order of their names. Folders and patterns give what an operation can open, links to files
 * included; hidden files are left out, and folders inside unless asked for.
 * @throws PspError NOT_FOUND for a name that leads to nothing
 */
export async function listInputs(names: readonly string[], options: ListOptions): Promise<Inputs> {
  return joined(await Promise.all(names.map((name) => listOne(name, options))));
}

/**
 * The files that a list names, one a line, in its order; `-` reads it from the standard input. What a
 * line leads to is seen when its turn comes.
 * @throws PspError BAD_INPUT when the list cannot be read
 */
export async function readList(list: string): Promise<Inputs> {
  const content = await (list === '-' ? text(process.stdin) : readFile(list, 'utf8')).catch(
    (error: unknown) => {
      throw unreadable(list, error);
    },
  );
  const folder = list === '-' ? process.cwd() : dirname(resolve(list));
  const lines = content.split(/\r?\n/).filter((line) => line.trim() !== '');
  return joined([{ files: lines.map((path) => listed(path, folder)), lost: [] }]);
}

export function joined(lists: readonly Inputs[]): Inputs {
  const files = new Map<string, ListedFile>();
  for (const file of lists.flatMap((list) => list.files)) {
    if (!files.has(file.path)) files.set(file.path, file);
  }
  return { files: [...files.values()], lost: [...new Set(lists.flatMap(({ lost }) => lost))] };
}

async function listOne(name: string, options: ListOptions): Promise<Inputs> {
  const entry = await stat(name).catch(() => null);
  if (entry?.isDirectory()) return filled(await listFolder(name, name, options), name);
  if (entry) return { files: [listed(name, process.cwd())], lost: [] };
  if (/[*?]/.test(basename(name))) {
    const pattern = toPattern(basename(name));
    const { files, lost } = await listPictures(dirname(name), (file) => pattern.test(file));
    return filled({ files: files.map((file) => listed(file, dirname(name))), lost }, name);
  }
  throw new PspError('NOT_FOUND', `${name} does not exist. Name a folder, a file or a pattern.`);
}

const listed = (path: string, folder: string): ListedFile => ({
  path,
  key: relative(folder, path).split(sep).join('/'),
});

function filled(found: Inputs, asked: string): Inputs {
  if (found.files.length > 0) return found;
  throw new PspError(
    'NOT_FOUND',
    `There is nothing to work on in ${asked}. Files must end in ${[...extensions].join(', ')}.`,
  );
}

async function listFolder(folder: string, root: string, options: ListOptions): Promise<Inputs> {
  const { files, lost, folders } = await listPictures(folder);
  const own = { files: files.map((file) => listed(file, root)), lost };
  if (!options.recursive) return own;
  const lists: Inputs[] = [own];
  for (const inner of folders) {
    if (!(await options.isResultFolder(inner))) lists.push(await listFolder(inner, root, options));
  }
  return joined(lists);
}

/** The pictures and documents of one folder, and the folders in it, by their names. */
export async function listPictures(
  folder: string,
  fits: (file: string) => boolean = () => true,
): Promise<Record<'files' | 'lost' | 'folders', readonly string[]>> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const [files, lost, folders]: [string[], string[], string[]] = [[], [], []];
  for (const entry of entries) {
    const { name } = entry;
    if (name.startsWith('.')) continue;
    const path = join(folder, name);
    // Links to folders may lead in a circle.
    if (entry.isDirectory()) folders.push(path);
    if (!extensions.has(extname(name).toLowerCase()) || !fits(name)) continue;
    const file = entry.isSymbolicLink() ? await stat(path).catch(() => null) : entry;
    if (file === null) lost.push(path);
    else if (file.isFile()) files.push(path);
  }
  return { files: files.sort(), lost: lost.sort(), folders: folders.sort() };
}

function toPattern(glob: string): RegExp {
  const escaped = glob.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`);
}
