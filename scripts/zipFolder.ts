import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { zipSync, type Zippable } from 'fflate';

/** As Unix programs write it: unpacked, it may still be run. */
const executable = { os: 3, attrs: 0o100755 << 16 };

/** A folder's files as a zip, forward slashes; equal files give equal bytes. */
export const zipFolder = (folder: string): Promise<Uint8Array> => zipFolders({ '': folder });

/** Folders and files, by the names that they have in the zip. */
export async function zipFolders(sources: Readonly<Record<string, string>>): Promise<Uint8Array> {
  const contents: Zippable = {};
  for (const [name, source] of Object.entries(sources)) {
    if ((await stat(source)).isFile()) {
      contents[name] = await readFile(source);
      continue;
    }
    // Krita's importer looks for the folder's own entry.
    if (name !== '') contents[`${name}/`] = new Uint8Array();
    await addFolder(contents, name === '' ? '' : `${name}/`, source);
  }
  return zipSync(contents, { level: 9, mtime: '2026-01-01T00:00:00' });
}

async function addFolder(contents: Zippable, prefix: string, folder: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const entry of entries.filter((each) => each.isFile())) {
    const path = join(entry.parentPath, entry.name);
    // What Python leaves behind where it was run.
    if (path.includes('__pycache__')) continue;
    const name = prefix + relative(folder, path).split(sep).join('/');
    const bytes = await readFile(path);
    const isProgram = ((await stat(path)).mode & 0o100) !== 0;
    contents[name] = isProgram ? [bytes, executable] : bytes;
  }
}
