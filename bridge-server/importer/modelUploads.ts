import { mkdir, open, rm } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import type { ConvertProgress } from '../../models/convert';
import { PspError } from '../../protocol/errors';
import { describeFileError } from '../fileErrors';
import type { ModelStore } from '../models/modelStore';
import { draftName, removeAbandonedDrafts } from '../models/packageFolder';
import { importInProcess } from './importInProcess';

interface ImportWatch {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: ConvertProgress) => void;
}

export interface UploadedImport extends ImportWatch {
  readonly name: string;
  /** What the client calls the file. */
  readonly fileName: string;
}

export interface FileImport extends ImportWatch {
  readonly name: string;
  /** Absolute path. */
  readonly file: string;
}

/** A checkpoint that arrives in chunks. */
interface Upload {
  append(bytes: Uint8Array): Promise<void>;
  import(options: UploadedImport): Promise<void>;
  discard(): Promise<void>;
}

/** Models kept in the user's folder, for a server whose clients send checkpoints over the wire. */
export async function createModelUploads(
  store: ModelStore,
  modelsFolder: string,
  importer: typeof importInProcess = importInProcess,
): Promise<{
  createUpload(): Promise<Upload>;
  importFile(options: FileImport): Promise<void>;
  remove(name: string): Promise<void>;
}> {
  // Of a server that was killed.
  await removeAbandonedDrafts(modelsFolder).catch(() => undefined);
  return {
    async createUpload() {
      // The name is ours: nothing that a client says becomes a path.
      const file = join(modelsFolder, draftName('upload'));
      const handle = await mkdir(modelsFolder, { recursive: true })
        .then(() => open(file, 'wx', 0o600))
        .catch((cause: unknown) => {
          throw notKept(modelsFolder, cause);
        });
      return {
        append: (bytes) =>
          handle.writeFile(bytes).catch((cause: unknown) => {
            throw notKept(modelsFolder, cause);
          }),
        import: async ({ name, fileName, signal, onProgress }) => {
          await importer({ file, modelsFolder, name, fileName }, { signal, onProgress });
        },
        discard: async () => {
          await handle.close();
          await rm(file, { force: true });
        },
      };
    },
    async importFile({ name, file, signal, onProgress }) {
      if (!isAbsolute(file) || !checkpointName.test(file)) throw noCheckpoint(file);
      await importer({ file, modelsFolder, name }, { signal, onProgress });
    },
    remove: (name) => store.remove(name),
  };
}

/** Nothing else that a client names is opened. */
const checkpointName = /\.(pt|pth|ckpt)$/i;

const noCheckpoint = (file: string): PspError =>
  new PspError(
    'BAD_INPUT',
    `"${file}" is not the full path of a .pt file on the bridge's machine. Choose a checkpoint there, or send it with "psp-layers models import".`,
  );

const notKept = (folder: string, cause: unknown): PspError =>
  new PspError(
    'OUTPUT_FAILED',
    `The checkpoint could not be kept in ${folder}: ${describeFileError(cause)}. Free some space.`,
    { retryable: true, cause },
  );
