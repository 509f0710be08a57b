import { createHash, type Hash } from 'node:crypto';
import { chmod, constants, copyFile, link, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, parse } from 'node:path';
import type { ByteSink } from '../../psd';
import { draftIn, sweepDrafts } from './drafts';
import { fileSink } from './fileBytes';
import { isSameContent, isSameVersion, realName, versionOf, type FileVersion } from './fileVersion';
import { unwritable } from './resultFolder';

/** Where a file is to lie, and what it may replace there. */
export interface Target {
  readonly file: string;
  /** The one version that may be replaced; `null`: none, the file is created. */
  readonly replaces: FileVersion | null;
  /** Keeps what is replaced as FILE.bak, FILE.bak2, … */
  readonly backup?: boolean;
  /** The name to take where something else has come to lie at `file`; FILE-v2 unless given. */
  readonly beside?: string;
}

export interface WrittenFile {
  /** Another than the target's where that one was taken meanwhile. */
  readonly file: string;
  readonly backup: string | null;
}

/** Told the whole content's SHA-256 before the file appears under its name. */
export type OnDraft = (file: string, sha256: string) => Promise<void>;

/**
 * Writes a whole file or nothing: into a draft in its folder, flushed to the disk, then under its name
 * in one step. Links are followed, and stay. What came to lie there while the work was done, or was
 * changed, is never replaced: the file goes beside it.
 * @throws PspError OUTPUT_FAILED with the reason, or what `fill` throws; the folder is as it was
 */
export async function writeFileAtomically(
  target: Target,
  fill: (sink: ByteSink) => Promise<unknown>,
  onDraft?: OnDraft,
): Promise<WrittenFile> {
  const real = await realName(target.file);
  await sweepDrafts(dirname(real));
  const draft = draftIn(dirname(real));
  try {
    // Of a gigabyte it takes as long as the writing: only where somebody asks.
    const hash = onDraft && createHash('sha256');
    await writeDraft(draft, fill, hash);
    const sha256 = hash?.digest('hex') ?? '';
    await onDraft?.(target.file, sha256);
    const backup = await publish(draft, real, target);
    if (backup !== taken) return { file: target.file, backup };
    for (let number = 1; ; number += 1) {
      const file = besideName(target, number);
      await onDraft?.(file, sha256);
      if (await create(draft, await realName(file))) return { file, backup: null };
    }
  } catch (cause) {
    throw unwritable(target.file, cause);
  } finally {
    // Where there can be no draft, what failed before is what is told.
    await rm(draft, { force: true }).catch(() => undefined);
  }
}

/** photo.psd → photo-v2.psd */
export function versionName(file: string, number: number): string {
  const { dir, name, ext } = parse(file);
  return join(dir, `${name}-v${number}${ext}`);
}

function besideName({ file, beside }: Target, number: number): string {
  if (beside === undefined) return versionName(file, number + 1);
  return number === 1 ? beside : versionName(beside, number);
}

async function writeDraft(
  draft: string,
  fill: (sink: ByteSink) => Promise<unknown>,
  hash: Hash | undefined,
): Promise<void> {
  const handle = await open(draft, 'wx');
  try {
    const sink = fileSink(handle);
    await fill({
      write: async (bytes) => {
        hash?.update(bytes);
        await sink.write(bytes);
      },
    });
    await sink.flush();
    await handle.sync();
  } finally {
    await handle.close();
  }
}

const taken = Symbol('taken');

/** @returns the backup's name, or `taken` where there is something that must stay */
async function publish(
  draft: string,
  file: string,
  { replaces, backup }: Target,
): Promise<string | null | typeof taken> {
  if (replaces === null) return (await create(draft, file)) ? null : taken;
  if (!isSameVersion(await versionOf(file), replaces)) return taken;
  await chmod(draft, (await stat(file)).mode & 0o777);
  const kept = backup ? await keepBackup(file) : null;
  // Copying a backup takes time. A second name changes the entry, not the content.
  if (!isSameContent(await versionOf(file), replaces)) {
    if (kept !== null) await rm(kept);
    return taken;
  }
  await rename(draft, file);
  await syncFolder(dirname(file));
  return kept;
}

/** @returns false where there is something of that name, be it a link that leads nowhere */
async function create(draft: string, file: string): Promise<boolean> {
  const created = await secondName(draft, file);
  if (created) await syncFolder(dirname(file));
  return created;
}

/** The system itself refuses a name that exists; disks without hard links get a copy. */
async function secondName(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') throw error;
      return copyFile(from, to, constants.COPYFILE_EXCL);
    });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function keepBackup(file: string): Promise<string> {
  for (let number = 1; ; number += 1) {
    const backup = `${file}.bak${number === 1 ? '' : number}`;
    if (await secondName(file, backup)) return backup;
  }
}

/** Makes the new name outlive a power cut; Windows does so by itself and opens no folders. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  await handle.sync().finally(() => handle.close());
}
