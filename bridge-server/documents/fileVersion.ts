import { createHash } from 'node:crypto';
import { createReadStream, type BigIntStats } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';

/** Enough to see that a file is another one now, without reading it; as JSON keeps it. */
export interface FileVersion {
  readonly size: number;
  readonly inode: string;
  /** Nanoseconds: programs save twice within a millisecond. */
  readonly modified: string;
  /** Of the file's entry too. It cannot be set, so a program that keeps `modified` is still seen. */
  readonly changed: string;
}

/** `null` where there is no file, or a link that leads nowhere. */
export async function versionOf(file: string): Promise<FileVersion | null> {
  const entry = await stat(file, { bigint: true }).catch(() => null);
  return entry && versionFrom(entry);
}

export const versionFrom = ({ size, ino, mtimeNs, ctimeNs }: BigIntStats): FileVersion => ({
  size: Number(size),
  inode: `${ino}`,
  modified: `${mtimeNs}`,
  changed: `${ctimeNs}`,
});

/** Two files that are there, and are one, with one content; its names and permissions may have changed. */
export const isSameContent = (a: FileVersion | null, b: FileVersion | null): boolean =>
  a !== null && b !== null && a.size === b.size && a.inode === b.inode && a.modified === b.modified;

export const isSameVersion = (a: FileVersion | null, b: FileVersion | null): boolean =>
  isSameContent(a, b) && a?.changed === b?.changed;

/** SHA-256 of the content, in hex. @throws what the system says where it cannot be read */
export async function contentHash(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

/**
 * The one name behind every link on the way to a file: equal for equal files. Of a file that is not
 * there yet, the name that it would get.
 */
export async function realName(file: string): Promise<string> {
  const path = resolve(file);
  const found = await realpath(path).catch(() => null);
  if (found !== null || dirname(path) === path) return found ?? path;
  return join(await realName(dirname(path)), basename(path));
}
