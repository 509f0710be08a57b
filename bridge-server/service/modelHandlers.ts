import { PspError } from '../../protocol/errors';
import type { ServerEvent } from '../../protocol/events';
import type { Limits } from '../../protocol/limits';
import type { Params } from '../../protocol/methods';
import type { Processor } from '../operations/processor';
import type { Handlers, Peer } from '../transport/service';
import { Arrival, stalledMessage } from '../jobs/arrival';
import { receiving } from './receiving';

/** A file that grows as chunks come. */
export interface Upload {
  append(bytes: Uint8Array): Promise<void>;
  /** Makes the model package out of it. @throws PspError BAD_CHECKPOINT, BAD_INPUT, OUTPUT_FAILED, CANCELLED */
  import(options: {
    readonly name: string;
    readonly fileName: string;
    readonly signal: AbortSignal;
    readonly onProgress: (progress: { readonly stage: string; readonly fraction: number }) => void;
  }): Promise<void>;
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
  readonly notify: (client: string, event: ServerEvent) => void;
  readonly onModelsChanged: () => void;
}

/** The one import that is going on: each takes the disk's and the memory's best part. */
interface CurrentImport {
  readonly name: string;
  readonly abort: AbortController;
  /** While the bytes come; `null` once they are converted. */
  arrival: Arrival | null;
}

export function createModelHandlers({
  processor,
  storage,
  limits,
  notify,
  onModelsChanged,
}: ModelHandlerParts): Pick<Handlers, 'import-model' | 'cancel-import' | 'remove-model'> {
  let current: CurrentImport | null = null;

  /** @throws PspError BAD_INPUT for a name that is taken */
  async function createUpload(name: string): Promise<Upload> {
    const models = await processor.models();
    if (models.some((model) => model.name === name)) {
      const next = 'Choose another name, or remove that one first.';
      throw new PspError('BAD_INPUT', `A model named "${name}" is installed already. ${next}`);
    }
    return storage.createUpload();
  }

  /** @throws PspError BUSY while another import goes on; one whose bytes do not come makes way */
  function begin(name: string): CurrentImport {
    if (current?.arrival?.isStalled()) {
      current.abort.abort(new PspError('BUSY', stalledMessage, { retryable: true }));
    } else if (current) {
      const message = 'Another model is being imported. Try again when it is done.';
      throw new PspError('BUSY', message, { retryable: true });
    }
    return { name, abort: new AbortController(), arrival: new Arrival() };
  }

  async function importModel(
    { name, fileName, checkpoint }: Params<'import-model'>,
    peer: Peer,
    work: CurrentImport,
  ): Promise<void> {
    const { signal } = work.abort;
    const uploading = createUpload(name);
    try {
      // Awaited at once: the first chunks may be here before the upload is ready for them.
      const upload = await receiving(peer, signal, async (receivingSignal) => {
        const received = peer.inbox.receiveInto(
          checkpoint.stream,
          checkpoint.bytes,
          receivingSignal,
          async (chunk) => {
            work.arrival?.add(chunk.length);
            await (await uploading).append(chunk);
          },
        );
        const [ready] = await Promise.all([uploading, received]);
        return ready;
      });
      work.arrival = null;
      await upload.import({
        name,
        // The name tells at least as much where the client does not say the file's.
        fileName: fileName ?? `${name}.pt`,
        signal,
        onProgress: ({ stage, fraction }) =>
          notify(peer.instance, { event: 'importing', params: { name, stage, fraction } }),
      });
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
      const work = begin(name);
      current = work;
      try {
        await importModel(params, peer, work);
      } finally {
        if (current === work) current = null;
      }
      onModelsChanged();
      const model = (await processor.models()).find((candidate) => candidate.name === name);
      if (!model)
        throw new PspError('INTERNAL', `The model "${name}" was imported and is not there.`);
      return { result: { model } };
    },

    'cancel-import': async ({ name }) => {
      if (current?.name === name) {
        current.abort.abort(new PspError('CANCELLED', 'The import was cancelled.'));
      }
      return { result: {} };
    },

    'remove-model': async ({ name }) => {
      await storage.remove(name);
      onModelsChanged();
      return { result: {} };
    },
  };
}
