import type { ConnectionState } from './bridge';
import type { Observable } from '../observable';

/** Resolves now or as soon as the bridge is ready: an unattended queue waits through its restart. */
export function whenReady(connection: Observable<ConnectionState>): Promise<void> {
  if (connection.value.kind === 'ready') return Promise.resolve();
  return new Promise((resolve) => {
    const stop = connection.subscribe((state) => {
      if (state.kind !== 'ready') return;
      stop();
      resolve();
    });
  });
}
