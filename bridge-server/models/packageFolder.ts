import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileRole, FileSink, ModelDescription, PackageStore } from '../../models/convert';
import { PspError } from '../../protocol/errors';
import { isRunning } from '../isRunning';

/** The folder beside the packages for files that several of them use. */
export const SHARED_FOLDER = 'shared';

const fileNames: Readonly<Record<FileRole, string>> = {
  encoder: 'encoder.onnx',
  mapping: 'mapping.onnx',
  decoder: 'decoder.onnx',
  fit: 'fit.onnx',
  directions: 'directions.safetensors',
};

/** Models of one domain have the same generator: one file of each kind serves them all. */
const isShared = (role: FileRole): boolean => role !== 'encoder';

/** What a process of that id works on: a package, or a checkpoint on its way. */
const DRAFT = /^\.(?:import|upload)-(\d+)-[0-9a-f]+$/;

/** A hidden name in the models' folder that is cleaned up when this process has died. */
export const draftName = (kind: 'import' | 'upload'): string =>
  `.${kind}-${process.pid}-${randomBytes(8).toString('hex')}`;

/**
 * Writes a package into a hidden folder beside the others and moves it into place at the end, so that a
 * failure leaves nothing of it. Files that can be shared go to `shared/<role>-<hash>`.
 * @throws PspError BAD_INPUT when there is a package of that name already.
 */
export async function createPackageFolder(
  modelsFolder: string,
  name: string,
): Promise<PackageStore> {
  const folder = join(modelsFolder, name);
  if ((await sizeOf(folder)) !== null) {
    throw new PspError(
      'BAD_INPUT',
      `There is a model named "${name}" already. Choose another name or remove that one first.`,
    );
  }
  const draft = join(modelsFolder, draftName('import'));
  await mkdir(draft, { recursive: true });
  await removeAbandonedDrafts(modelsFolder);
  return new PackageFolder(folder, draft, join(modelsFolder, SHARED_FOLDER));
}

class PackageFolder implements PackageStore {
  private readonly closers = new Set<() => Promise<void>>();
  /** Name in the shared folder by path in the draft. */
  private readonly shared = new Map<string, string>();
  private readonly added: string[] = [];

  constructor(
    private readonly folder: string,
    private readonly draft: string,
    private readonly sharedFolder: string,
  ) {}

  async createFile(role: FileRole): Promise<FileSink> {
    const name = fileNames[role];
    const path = join(this.draft, name);
    const file = await open(path, 'wx');
    const close = async (): Promise<void> => {
      this.closers.delete(close);
      await file.close();
    };
    this.closers.add(close);
    return {
      write: (bytes) => file.writeFile(bytes),
      close: async (sha256) => {
        await file.sync();
        await close();
        if (!isShared(role)) return name;
        const sharedName = name.replace('.', `-${sha256.slice(0, 12)}.`);
        this.shared.set(path, sharedName);
        return `../${SHARED_FOLDER}/${sharedName}`;
      },
    };
  }

  async commit(model: ModelDescription): Promise<void> {
    await writeFile(join(this.draft, 'model.json'), `${JSON.stringify(model, null, 2)}\n`);
    await mkdir(this.sharedFolder, { recursive: true });
    for (const [path, sharedName] of this.shared) {
      const target = join(this.sharedFolder, sharedName);
      const present = await sizeOf(target);
      // One of another size was damaged since: this one mends it.
      if (present !== null && present === (await sizeOf(path))) {
        await rm(path);
      } else {
        await rename(path, target);
        if (present === null) this.added.push(target);
      }
    }
    await rename(this.draft, this.folder);
  }

  async discard(): Promise<void> {
    for (const close of this.closers) await close();
    for (const path of [this.draft, ...this.added])
      await rm(path, { recursive: true, force: true });
  }
}

/** Drafts of processes that were killed before they could discard them. */
export async function removeAbandonedDrafts(modelsFolder: string): Promise<void> {
  for (const entry of await readdir(modelsFolder)) {
    const pid = DRAFT.exec(entry)?.[1];
    if (pid !== undefined && !isRunning(Number(pid))) {
      await rm(join(modelsFolder, entry), { recursive: true, force: true });
    }
  }
}

/** Bytes, or `null` when there is nothing. */
async function sizeOf(path: string): Promise<number | null> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
