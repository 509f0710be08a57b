import { PspError } from '../../protocol/errors';
import type { ServerEvent } from '../../protocol/events';
import type { Limits } from '../../protocol/limits';
import type { Params, Result } from '../../protocol/methods';
import type { Processor } from '../processor/processor';
import type { Handlers, Peer } from '../transport/service';
import { Arrival, stalledMessage } from '../jobs/arrival';
import { receiving } from './receiving';

interface ImportWatch {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: { readonly stage: string; readonly fraction: number }) => void;
}

/** A file that grows as chunks come. */
export interface Upload {
  append(bytes: Uint8Array): Promise<void>;
  /** Makes the model package out of it. @throws PspError BAD_CHECKPOINT, BAD_INPUT, OUTPUT_FAILED, CANCELLED */
  import(
    options: ImportWatch & { readonly name: string; readonly fileName: string },
  ): Promise<void>;
  /** Removes the file; call it however the upload ends. */
  discard(): Promise<void>;
}

/** Where models are kept. Names were checked by the protocol's decoder: none can be a path. */
export interface ModelStorage {
  /** @throws PspError OUTPUT_FAILED */
  createUpload(): Promise<Upload>;
  /** Of a file that stays where it is. @throws PspError as an upload's import */
  importFile(
    options: ImportWatch & { readonly name: string; readonly file: string },
  ): Promise<void>;
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
}: ModelHandlerParts): Pick<
  Handlers,
  'import-model' | 'import-file' | 'cancel-import' | 'remove-model'
> {
  let current: CurrentImport | null = null;

  /** @throws PspError BAD_INPUT for a name that is taken */
  async function requireFree(name: string): Promise<void> {
    const models = await processor.models();
    if (models.some((model) => model.name === name)) {
      const next = 'Choose another name, or remove that one first.';
      throw new PspError('BAD_INPUT', `A model named "${name}" is installed already. ${next}`);
    }
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

  /** One import from its beginning to its end, and the model that came of it. */
  async function importing(
    name: string,
    { instance }: Peer,
    run: (work: CurrentImport, watch: ImportWatch) => Promise<void>,
  ): Promise<Result<'import-model'>> {
    const work = begin(name);
    current = work;
    try {
      await run(work, {
        signal: work.abort.signal,
        onProgress: ({ stage, fraction }) =>
          notify(instance, { event: 'importing', params: { name, stage, fraction } }),
      });
    } finally {
      if (current === work) current = null;
    }
    onModelsChanged();
    const model = (await processor.models()).find((candidate) => candidate.name === name);
    if (!model)
      throw new PspError('INTERNAL', `The model "${name}" was imported and is not there.`);
    return { model };
  }

  async function importUpload(
    { name, fileName, checkpoint }: Params<'import-model'>,
    peer: Peer,
    work: CurrentImport,
    watch: ImportWatch,
  ): Promise<void> {
    const uploading = requireFree(name).then(() => storage.createUpload());
    try {
      // Awaited at once: the first chunks may be here before the upload is ready for them.
      const upload = await receiving(peer, watch.signal, async (receivingSignal) => {
        const received = peer.payloads.receiveInto(
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
        ...watch,
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
      peer.payloads.announce([checkpoint.stream]);
      if (checkpoint.bytes > limits.checkpointBytes) {
        const gigabytes = limits.checkpointBytes / 1024 ** 3;
        throw new PspError('TOO_LARGE', `A checkpoint has at most ${gigabytes} GB.`);
      }
      const result = await importing(name, peer, (work, watch) =>
        importUpload(params, peer, work, watch),
      );
      return { result };
    },

    'import-file': async ({ name, path }, peer) => {
      const result = await importing(name, peer, async (work, watch) => {
        work.arrival = null;
        await requireFree(name);
        await storage.importFile({ name, file: path, ...watch });
      });
      return { result };
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
