import { PspError } from '../../protocol/errors';
import type { Limits } from '../../protocol/limits';
import type { Params } from '../../protocol/methods';
import type { Processor } from '../operations/processor';
import type { Handlers, Peer } from '../transport/service';
import { receiving } from './receiving';

/** A file that grows as chunks come. */
export interface Upload {
  append(bytes: Uint8Array): Promise<void>;
  /** Makes the model package out of it. @throws PspError BAD_CHECKPOINT, BAD_INPUT, OUTPUT_FAILED */
  importAs(name: string): Promise<void>;
  /** Removes the file; call it however the upload ends. */
  discard(): Promise<void>;
}

/** Where models are kept. Names were checked by the protocol's decoder: none can be a path. */
export interface ModelStorage {
  /** @throws PspError OUTPUT_FAILED */
  createUpload(): Promise<Upload>;
  /** @throws PspError NOT_FOUND, BAD_INPUT for a model that ships with the product */
  remove(name: string): Promise<void>;
}

export interface ModelHandlerParts {
  readonly processor: Processor;
  readonly storage: ModelStorage;
  readonly limits: Limits;
  readonly onModelsChanged: () => void;
}

export function createModelHandlers({
  processor,
  storage,
  limits,
  onModelsChanged,
}: ModelHandlerParts): Pick<Handlers, 'import-model' | 'remove-model'> {
  let importing = false;

  /** @throws PspError BAD_INPUT for a name that is taken */
  async function createUpload(name: string): Promise<Upload> {
    const models = await processor.models();
    if (models.some((model) => model.name === name)) {
      const next = 'Choose another name, or remove that one first.';
      throw new PspError('BAD_INPUT', `A model named "${name}" is installed already. ${next}`);
    }
    return storage.createUpload();
  }

  async function importModel(
    { name, checkpoint }: Params<'import-model'>,
    peer: Peer,
  ): Promise<void> {
    const uploading = createUpload(name);
    try {
      // Awaited at once: the first chunks may be here before the upload is ready for them.
      const upload = await receiving(peer, peer.closed, async (signal) => {
        const received = peer.inbox.receiveInto(
          checkpoint.stream,
          checkpoint.bytes,
          signal,
          async (chunk) => (await uploading).append(chunk),
        );
        const [ready] = await Promise.all([uploading, received]);
        return ready;
      });
      await upload.importAs(name);
    } finally {
      await uploading.then(
        (upload) => upload.discard(),
        () => undefined,
      );
    }
  }

  return {
    'import-model': async (params, peer) => {
      const { name, checkpoint } = params;
      peer.inbox.announce([checkpoint.stream]);
      if (checkpoint.bytes > limits.checkpointBytes) {
        const gigabytes = limits.checkpointBytes / 1024 ** 3;
        throw new PspError('TOO_LARGE', `A checkpoint has at most ${gigabytes} GB.`);
      }
      // One at a time: each takes the disk's and the memory's best part.
      if (importing) {
        const message = 'Another model is being imported. Try again when it is done.';
        throw new PspError('BUSY', message, { retryable: true });
      }
      importing = true;
      try {
        await importModel(params, peer);
      } finally {
        importing = false;
      }
      onModelsChanged();
      const model = (await processor.models()).find((candidate) => candidate.name === name);
      if (!model)
        throw new PspError('INTERNAL', `The model "${name}" was imported and is not there.`);
      return { result: { model } };
    },

    'remove-model': async ({ name }) => {
      await storage.remove(name);
      onModelsChanged();
      return { result: {} };
    },
  };
}
