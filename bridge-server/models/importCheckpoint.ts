import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { crc32 } from 'node:zlib';
import {
  convertCheckpoint,
  isConvertError,
  type ByteSource,
  type Checksums,
  type ConvertErrorCode,
  type ConvertProgress,
  type ModelDescription,
  type Precision,
} from '../../models/convert';
import { isPspError, PspError, type ErrorCode } from '../../protocol/errors';
import { describeFileError, isFileError } from '../fileErrors';
import { createPackageFolder } from './packageFolder';

export interface ImportRequest {
  /** Path of a pSp checkpoint (`.pt`). */
  readonly file: string;
  /** Where packages live; made if it is not there. */
  readonly modelsFolder: string;
  /** The package's name; by default the file's, in lower case and with '-' between words. */
  readonly name?: string | undefined;
  readonly precision?: Precision | undefined;
  /** What the model serves, where the checkpoint does not tell. */
  readonly operation?: string | undefined;
  readonly licence?: string | undefined;
  readonly attribution?: string | undefined;
  /** What the pictures show; 'face' by default. */
  readonly domain?: string | undefined;
  /** What the file is called by its owner; `file`'s own name otherwise. */
  readonly fileName?: string | undefined;
  /** Called before every read. @throws what ends the import */
  readonly checkMemory?: (() => void) | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: ConvertProgress) => void) | undefined;
}

export interface ImportedModel {
  /** The package's folder. */
  readonly folder: string;
  readonly model: ModelDescription;
}

/**
 * Makes a model package from a checkpoint and puts it among the others.
 * @throws PspError BAD_INPUT (file, name or operation), BAD_CHECKPOINT, OUTPUT_FAILED, CANCELLED. After
 * any of them the models' folder is as it was.
 */
export async function importCheckpoint(request: ImportRequest): Promise<ImportedModel> {
  const { file, modelsFolder, signal, onProgress } = request;
  const { name = packageNameOf(file), fileName = basename(file) } = request;
  // A file that came over the wire has a name that its owner does not know.
  const told = request.fileName ?? file;
  // Does not wait where a pipe stands in the file's place; Windows has neither.
  const flags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);
  const handle = await open(file, flags).catch((error: unknown) => {
    throw unreadable(told, error);
  });
  try {
    const source = await sourceOf(handle, told, fileName, request.checkMemory);
    const store = await createPackageFolder(modelsFolder, name);
    const model = await convertCheckpoint(
      source,
      store,
      { ...request, name },
      { checksums, signal, onProgress },
    );
    return { folder: join(modelsFolder, name), model };
  } catch (error) {
    throw translate(error, modelsFolder);
  } finally {
    await handle.close();
  }
}

const checksums: Checksums = {
  sha256: () => {
    const hash = createHash('sha256');
    return { update: (bytes) => void hash.update(bytes), hex: () => hash.digest('hex') };
  },
  crc32,
};

async function sourceOf(
  handle: FileHandle,
  told: string,
  name: string,
  checkMemory: () => void = () => undefined,
): Promise<ByteSource> {
  const status = await handle.stat();
  if (!status.isFile()) {
    throw new PspError('BAD_INPUT', `${told} is not a file. Name the checkpoint (.pt) itself.`);
  }
  return {
    name,
    size: status.size,
    read: async (offset, length) => {
      checkMemory();
      const bytes = new Uint8Array(length);
      const { bytesRead } = await handle.read(bytes, 0, length, offset).catch((error: unknown) => {
        throw unreadable(told, error);
      });
      return bytes.subarray(0, bytesRead);
    },
  };
}

const unreadable = (told: string, error: unknown): PspError =>
  new PspError('BAD_INPUT', `${told} cannot be read: ${describeFileError(error)}.`, {
    cause: error,
  });

/** psp_ffhq_encode.pt → psp-ffhq-encode */
function packageNameOf(file: string): string {
  const stem = basename(file).replace(/\.[^.]+$/, '');
  return stem
    .toLowerCase()
    .replace(/[^a-z0-9.]+/g, '-')
    .replace(/^[^a-z0-9]+/, '')
    .slice(0, 64)
    .replace(/\.+$/, '');
}

const errorCodes: Readonly<Record<ConvertErrorCode, ErrorCode>> = {
  TRUNCATED: 'BAD_CHECKPOINT',
  CORRUPT: 'BAD_CHECKPOINT',
  HOSTILE: 'BAD_CHECKPOINT',
  FOREIGN: 'BAD_CHECKPOINT',
  UNSUPPORTED: 'BAD_CHECKPOINT',
  BAD_OPTION: 'BAD_INPUT',
  CANCELLED: 'CANCELLED',
};

function translate(error: unknown, modelsFolder: string): unknown {
  if (isPspError(error)) return error;
  if (isConvertError(error)) {
    return new PspError(errorCodes[error.code], error.message, { cause: error });
  }
  if (isFileError(error)) {
    return new PspError(
      'OUTPUT_FAILED',
      `The model could not be saved in ${modelsFolder}: ${describeFileError(error)}. Nothing was kept.`,
      { retryable: true, cause: error },
    );
  }
  return error;
}
