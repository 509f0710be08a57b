import { PspError } from '../../protocol/errors';
import type { Limits } from '../../protocol/limits';
import type { JobStore } from './jobStore';

export type RoomLimits = Pick<Limits, 'jobBytes' | 'jobsPerClient' | 'queuedBytes'>;

/**
 * Whether there is room for one more job, before anything is allocated for it.
 * @throws PspError TOO_LARGE, BUSY
 */
export function checkRoom(
  store: JobStore,
  { jobBytes, jobsPerClient, queuedBytes }: RoomLimits,
  client: string,
  bytes: number,
): void {
  if (bytes > jobBytes) {
    throw new PspError(
      'TOO_LARGE',
      `The job holds ${megabytes(bytes)}; at most ${megabytes(jobBytes)} are taken. Choose fewer faces or a smaller layer.`,
    );
  }
  const open = store.of(client).filter(({ state }) => isOpen(state.kind)).length;
  if (open >= jobsPerClient) {
    const message = `${open} jobs of this host wait already, as many as may. Try again when some are finished.`;
    throw new PspError('BUSY', message, { retryable: true });
  }
  if (store.queuedBytes + bytes > queuedBytes) {
    const message = `The waiting jobs fill the bridge server's ${megabytes(queuedBytes)}. Try again when some are finished.`;
    throw new PspError('BUSY', message, { retryable: true });
  }
}

const isOpen = (kind: string): boolean => kind !== 'finished' && kind !== 'failed';

const megabytes = (bytes: number): string => `${Math.ceil(bytes / 1024 / 1024)} MB`;
