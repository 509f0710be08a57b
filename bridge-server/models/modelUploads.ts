import { randomBytes } from 'node:crypto';
import { mkdir, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PspError } from '../../protocol/errors';
import { describeFileError } from '../fileErrors';
import { importCheckpoint } from './importCheckpoint';
import type { ModelStore } from './modelStore';

/** A checkpoint that arrives in chunks. */
interface Upload {
  append(bytes: Uint8Array): Promise<void>;
  importAs(name: string): Promise<void>;
  discard(): Promise<void>;
}

/** Models kept in the user's folder, for a server whose clients send checkpoints over the wire. */
export function createModelUploads(
  store: ModelStore,
  modelsFolder: string,
): { createUpload(): Promise<Upload>; remove(name: string): Promise<void> } {
  return {
    async createUpload() {
      // The name is ours: nothing that a client says becomes a path.
      const file = join(tmpdir(), `psp-layers-${randomBytes(8).toString('hex')}.pt`);
      await mkdir(modelsFolder, { recursive: true });
      const handle = await open(file, 'wx', 0o600).catch((cause: unknown) => {
        throw notKept(cause);
      });
      return {
        append: (bytes) =>
          handle.writeFile(bytes).catch((cause: unknown) => {
            throw notKept(cause);
          }),
        importAs: async (name) => {
          await handle.sync();
          await importCheckpoint({ file, modelsFolder, name });
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

const notKept = (cause: unknown): PspError =>
  new PspError(
    'OUTPUT_FAILED',
    `The checkpoint could not be kept in ${tmpdir()}: ${describeFileError(cause)}. Free some space.`,
    { retryable: true, cause },
  );
