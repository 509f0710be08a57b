import { PspError, toPspError } from '../../protocol/errors';
import { importCheckpoint } from '../models/importCheckpoint';
import type { FromImporter, ToImporter } from './messages';

/** The importing process: converts one checkpoint for its parent and ends. */
const cancelled = new AbortController();
const tell = (message: FromImporter): Promise<void> =>
  new Promise((resolve) => process.send?.(message, () => resolve()));

process.once('disconnect', () => process.exit());
process.on('message', (message: ToImporter) => {
  if (message.kind === 'cancel') return cancelled.abort();
  const { order, memoryBytes } = message;
  importCheckpoint({
    ...order,
    signal: cancelled.signal,
    onProgress: (progress) => void tell({ kind: 'progress', progress }),
    checkMemory: () => {
      if (process.memoryUsage.rss() > memoryBytes) throw tooMuchMemory(memoryBytes);
    },
  })
    .then(
      (imported) => tell({ kind: 'done', imported }),
      (error: unknown) => tell({ kind: 'failed', error: toPspError(error).toJSON() }),
    )
    .finally(() => process.exit());
});

const tooMuchMemory = (bytes: number): PspError =>
  new PspError(
    'BAD_CHECKPOINT',
    `The checkpoint needs more than ${Math.round(bytes / 2 ** 20)} MB to be converted, which no pSp checkpoint does.`,
  );
