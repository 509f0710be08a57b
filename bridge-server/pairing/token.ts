import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
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
  const token = randomBytes(32).toString('base64url');
  try {
    await writeFile(path, `${token}\n`, { mode: 0o600, flag: 'wx' });
    return token;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  await chmod(path, 0o600);
  const known = (await readFile(path, 'utf8')).trim();
  if (tokenPattern.test(known)) return known;
  // Cut off or edited: hosts that read the file follow, Photoshop pairs anew.
  await writeFile(path, `${token}\n`);
  return token;
}

/** Compares in a time that tells nothing of where two secrets differ, or how long they are. */
export function equalSecrets(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
