import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { zipSync, type Zippable } from 'fflate';

/** A folder's files as a zip, forward slashes; equal files give equal bytes. @param prefix "name/" to put them into */
export async function zipFolder(folder: string, prefix = ''): Promise<Uint8Array> {
  const contents: Zippable = {};
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const entry of entries.filter((each) => each.isFile())) {
    const path = join(entry.parentPath, entry.name);
    // What Python leaves behind where it was run.
    if (path.includes('__pycache__')) continue;
    contents[prefix + relative(folder, path).split(sep).join('/')] = await readFile(path);
  }
  return zipSync(contents, { level: 9, mtime: '2026-01-01T00:00:00' });
}
