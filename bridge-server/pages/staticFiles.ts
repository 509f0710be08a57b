import { readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';

export interface StaticFile {
  readonly contentType: string;
  read(): Buffer;
}

const contentTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.png': 'image/png',
  '.psd': 'image/vnd.adobe.photoshop',
  '.svg': 'image/svg+xml',
  '.webp': 'image/webp',
};

/**
 * The files of our built page by the address each is asked for. The table is made once from what is
 * there, so that no address ever becomes a path. Empty when the page has not been built.
 */
export function listStaticFiles(folder: string): ReadonlyMap<string, StaticFile> {
  const entries = readFolder(folder);
  return new Map(
    entries.map((path) => {
      const address = `/${relative(folder, path).split(sep).join('/')}`;
      const contentType = contentTypes[extname(path)] ?? 'application/octet-stream';
      const file: StaticFile = { contentType, read: () => readFileSync(path) };
      return [address === '/index.html' ? '/' : address, file];
    }),
  );
}

function readFolder(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
