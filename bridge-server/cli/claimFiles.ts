import { lstat } from 'node:fs/promises';
import { PspError } from '../../protocol/errors';
import { realName, versionOf } from '../documents/fileVersion';
import type { Target } from '../documents/writeFileAtomically';
import type { ResultFiles } from './resultNames';

/** The files that a command reads, by their real names: no result may replace one, not even when asked to. */
export async function realNames(files: readonly (string | undefined)[]): Promise<Set<string>> {
  const named = files.filter((file) => file !== undefined);
  return new Set(await Promise.all(named.map(realName)));
}

/**
 * Checks every name of a result before any work is done.
 * @throws PspError BAD_INPUT naming those that exist, or that are read
 */
export async function claimFiles(
  names: ResultFiles<string>,
  read: ReadonlySet<string>,
  overwrite: boolean,
): Promise<ResultFiles<Target>> {
  const all = [...names.documents, ...names.latents];
  const real = await Promise.all(all.map(realName));
  refuse(
    all.filter((_, i) => read.has(real[i]!)),
    (list) => `The output is the input, ${list}. Name another file.`,
  );
  const there = await Promise.all(all.map(isThere));
  if (!overwrite) {
    const existing = all.filter((_, i) => there[i]);
    refuse(existing, (list, verb) => `${list} ${verb}. Name another file, or add --overwrite.`);
  }
  const claim = async (file: string): Promise<Target> => ({
    file,
    replaces: await versionOf(file),
  });
  return {
    documents: await Promise.all(names.documents.map(claim)),
    latents: await Promise.all(names.latents.map(claim)),
  };
}

/** Links that lead nowhere are there too. */
export const isThere = (file: string): Promise<boolean> =>
  lstat(file).then(
    () => true,
    () => false,
  );

function refuse(files: readonly string[], sentence: (list: string, verb: string) => string): void {
  if (files.length === 0) return;
  throw new PspError(
    'BAD_INPUT',
    sentence(files.join(', '), files.length === 1 ? 'exists' : 'exist'),
  );
}
