import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { ConvertProgress } from '../../models/convert';
import { PspError } from '../../protocol/errors';
import type { ImportedModel } from '../models/importCheckpoint';
import { removeAbandonedDrafts } from '../models/packageFolder';
import type { FromImporter, ImportOrder, ToImporter } from './messages';

export interface ImportLimits {
  /** Between two signs of progress: a pickle that goes in circles gives none. */
  readonly silenceMs: number;
  readonly totalMs: number;
  /** A cancelled import that does not end by itself is ended with its process. */
  readonly cancelGraceMs: number;
  /** Objects of the pickle, on V8's heap; weights lie outside of it. */
  readonly heapBytes: number;
  /** All that the process may hold: the official checkpoints need 0.2 GB. */
  readonly memoryBytes: number;
}

const defaultLimits: ImportLimits = {
  silenceMs: 60_000,
  totalMs: 30 * 60_000,
  cancelGraceMs: 2000,
  heapBytes: 768 * 2 ** 20,
  memoryBytes: 2 ** 31,
};

export interface ImportOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: ConvertProgress) => void) | undefined;
  readonly limits?: Partial<ImportLimits> | undefined;
  /** A module that does what `main` does. */
  readonly entry?: string | undefined;
}

/**
 * Imports a checkpoint in a process of its own: a checkpoint is a stranger's file, and whatever it makes
 * of that process, this one goes on.
 * @throws PspError what `importCheckpoint` throws, and BAD_CHECKPOINT or OUT_OF_MEMORY when the process
 * had to be ended; nothing of the package is left then.
 */
export async function importInProcess(
  order: ImportOrder,
  options: ImportOptions = {},
): Promise<ImportedModel> {
  if (options.signal?.aborted) throw cancelled();
  const limits = { ...defaultLimits, ...options.limits };
  const child = fork(options.entry ?? join(__dirname, 'main'), {
    execArgv: [...process.execArgv, `--max-old-space-size=${limits.heapBytes / 2 ** 20}`],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  try {
    return await outcomeOf(
      child,
      { kind: 'import', order, memoryBytes: limits.memoryBytes },
      {
        ...options,
        limits,
      },
    );
  } finally {
    // It may have been ended in the middle of its work.
    await removeAbandonedDrafts(order.modelsFolder).catch(() => undefined);
  }
}

function outcomeOf(
  child: ChildProcess,
  order: ToImporter,
  { signal, onProgress, limits }: ImportOptions & { readonly limits: ImportLimits },
): Promise<ImportedModel> {
  const { silenceMs, totalMs, cancelGraceMs } = limits;
  let answer: Exclude<FromImporter, { kind: 'progress' }> | null = null;
  let reason: PspError | null = null;
  const kill = (why: PspError): void => {
    reason ??= why;
    child.kill('SIGKILL');
  };
  const timers = [setTimeout(() => kill(tooLong(totalMs)), totalMs)];
  const silence = setTimeout(() => kill(tooLong(silenceMs)), silenceMs);
  timers.push(silence);
  const cancel = (): void => {
    if (child.connected) child.send({ kind: 'cancel' } satisfies ToImporter, () => undefined);
    timers.push(setTimeout(() => kill(cancelled()), cancelGraceMs));
  };
  signal?.addEventListener('abort', cancel, { once: true });
  child.on('message', (message: FromImporter) => {
    if (message.kind !== 'progress') answer = message;
    else if (!signal?.aborted) onProgress?.(message.progress);
    silence.refresh();
  });
  child.send(order, () => undefined);
  return new Promise<ImportedModel>((resolve, reject) => {
    child.once('error', (cause) => reject(new PspError('INTERNAL', String(cause), { cause })));
    child.once('close', (exitCode, killedBy) => {
      if (answer?.kind === 'done') return resolve(answer.imported);
      if (answer) {
        const { code, message, retryable } = answer.error;
        return reject(new PspError(code, message, { retryable }));
      }
      reject(reason ?? diedOf(killedBy, exitCode));
    });
  }).finally(() => {
    signal?.removeEventListener('abort', cancel);
    timers.forEach(clearTimeout);
  });
}

const cancelled = (): PspError => new PspError('CANCELLED', 'The import was cancelled.');

const tooLong = (milliseconds: number): PspError =>
  new PspError(
    'BAD_CHECKPOINT',
    `The checkpoint could not be converted within ${Math.round(milliseconds / 1000)} seconds, which an official one can. Only use checkpoints from their authors.`,
  );

function diedOf(signal: NodeJS.Signals | null, exitCode: number | null): PspError {
  // The kernel's out-of-memory killer sends SIGKILL; V8 aborts when its heap is full.
  if (signal === 'SIGKILL') {
    const text = 'The import was ended for want of memory. Close other programs and try again.';
    return new PspError('OUT_OF_MEMORY', text, { retryable: true });
  }
  return new PspError(
    'BAD_CHECKPOINT',
    `Converting the checkpoint ended its process (${signal ?? `exit code ${exitCode}`}): it holds more than a pSp checkpoint does. Only use checkpoints from their authors.`,
  );
}
