import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { chmod, link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const tokenPattern = /^[A-Za-z0-9_-]{43}$/;

export const tokenPath = (userFolder: string): string => join(userFolder, 'token');

/**
 * The secret that every host of this user proves to know; made at the first start. Only the user may
 * read the file (on Windows the profile folder's own access list says so).
 */
export async function ensureToken(userFolder: string): Promise<string> {
  const path = tokenPath(userFolder);
  await mkdir(userFolder, { recursive: true, mode: 0o700 });
  const known = await readToken(path);
  if (known !== null) return known;
  const token = randomBytes(32).toString('base64url');
  // Written whole beside it first: a full disk leaves no half token for others to find.
  const draft = `${path}.${process.pid}`;
  try {
    await writeFile(draft, `${token}\n`, { mode: 0o600 });
    const made = await link(draft, path).then(
      () => true,
      () => false,
    );
    // Another server was faster; or the file is cut off or edited: hosts that read it follow,
    // Photoshop pairs anew.
    const other = made ? null : await readToken(path);
    if (!made && other === null) await rename(draft, path);
    return other ?? token;
  } finally {
    await rm(draft, { force: true });
  }
}

/** The token that is there, or `null` when there is none or it is damaged. */
async function readToken(path: string): Promise<string | null> {
  try {
    await chmod(path, 0o600);
    const text = (await readFile(path, 'utf8')).trim();
    return tokenPattern.test(text) ? text : null;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** Compares in a time that tells nothing of where two secrets differ, or how long they are. */
export function equalSecrets(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
