import { PspError } from '../../protocol/errors';
import type { ProviderReport } from '../../protocol/model';
import type { Pictures } from '../image/pictures';
import type { Processor } from '../processor/processor';
import type { Arguments, Call, Method, Value } from './messages';
import { WorkerProcess, type Reports } from './workerProcess';

export interface RemoteProcessorOptions {
  /** A module that calls `hostProcessor`. */
  readonly entry: string;
  /** A cancelled job that does not end by itself is ended with its process. */
  readonly cancelGraceMs: number;
  /** A process that owes an answer and says nothing for so long is ended. */
  readonly silenceMs: number;
  readonly onDeath: (cause: PspError) => void;
}

export interface RemoteProcessor extends Processor {
  /** Of the process that lives now. */
  readonly pid: number | undefined;
  /** Read there too: files of strangers must not end the server. */
  readonly pictures: Pictures;
}

/**
 * A processor in a process of its own: whatever ends that process ends the calls that were in it, and
 * the next call finds a new one.
 * @throws PspError when the first process cannot open its processor
 */
export async function openRemoteProcessor(
  options: RemoteProcessorOptions,
): Promise<RemoteProcessor> {
  let closing = false;
  let lastId = 0;
  let worker = start();
  let report: ProviderReport = await worker.ready;

  function start(): WorkerProcess {
    const started: WorkerProcess = new WorkerProcess(options.entry, options.silenceMs, (cause) => {
      if (closing || worker !== started) return;
      options.onDeath(cause);
      // Again at once, so that it is warm for the next job; one that never lived waits to be called.
      started.ready.then(
        // A call may have started the next one meanwhile: a second one would be nobody's.
        () => closing || worker !== started || restart(),
        () => undefined,
      );
    });
    return started;
  }

  function restart(): WorkerProcess {
    worker = start();
    worker.ready.then(
      (fresh) => (report = fresh),
      () => undefined,
    );
    return worker;
  }

  /** The living process, once it is ready. */
  async function living(): Promise<WorkerProcess> {
    if (closing) throw new PspError('CONNECTION_LOST', 'The bridge server is shutting down.');
    const present = worker.isDead ? restart() : worker;
    await present.ready;
    return present;
  }

  async function call<M extends Method>(
    method: M,
    argument: Arguments[M],
    reports: Reports = { onProgress: () => undefined, onPatch: () => undefined },
    signal?: AbortSignal,
  ): Promise<Value<M>> {
    const present = await living();
    if (signal?.aborted) throw new PspError('CANCELLED', 'The job was cancelled.');
    let overdue: NodeJS.Timeout | undefined;
    const onAbort = (): void => {
      overdue = setTimeout(() => present.kill(uncancellable()), options.cancelGraceMs);
    };
    signal?.addEventListener('abort', onAbort);
    try {
      // TypeScript loses sight of it that M is one method, not all of them.
      const message = { kind: 'call', id: ++lastId, method, argument } as Call;
      return (await present.call(message, reports, signal)) as Value<M>;
    } finally {
      signal?.removeEventListener('abort', onAbort);
      clearTimeout(overdue);
    }
  }

  return {
    get report() {
      return report;
    },
    get pid() {
      return worker.pid;
    },
    models: () => call('models', null),
    warm: () => call('warm', null),
    findFaces: (pixels, { documentScale = 1, signal } = {}) =>
      call('findFaces', { pixels, documentScale }, undefined, signal),
    findParts: (pixels, quads, signal) => call('findParts', { pixels, quads }, undefined, signal),
    selectPart: (pixels, quad, part, signal) =>
      call('selectPart', { pixels, quad, part }, undefined, signal),
    place: (placing, parameters) => call('place', { placing, parameters }),
    run: (job, options) => call('run', job, options, options.signal),
    preview: (request, signal) => call('preview', request, undefined, signal),
    pictures: {
      open: (name, file, maxPixels) => call('openPicture', { name, file, maxPixels }),
      convert: (pixels, profile, to) => call('convertPixels', { pixels, profile, to }),
    },
    close() {
      closing = true;
      return worker.close();
    },
  };
}

const uncancellable = (): PspError =>
  new PspError(
    'INFERENCE_FAILED',
    'The inference process was started again, because a cancelled job in it did not end. Run it again.',
    { retryable: true },
  );
