import { mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ConvertProgress } from '../../models/convert';
import { PspError } from '../../protocol/errors';
import { describeFileError } from '../fileErrors';
import type { ModelStore } from '../models/modelStore';
import { draftName, removeAbandonedDrafts } from '../models/packageFolder';
import { importInProcess } from './importInProcess';

export interface UploadedImport {
  readonly name: string;
  /** What the client calls the file. */
  readonly fileName: string;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: ConvertProgress) => void;
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
): Promise<{ createUpload(): Promise<Upload>; remove(name: string): Promise<void> }> {
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
    remove: (name) => store.remove(name),
  };
}

const notKept = (folder: string, cause: unknown): PspError =>
  new PspError(
    'OUTPUT_FAILED',
    `The checkpoint could not be kept in ${folder}: ${describeFileError(cause)}. Free some space.`,
    { retryable: true, cause },
  );
