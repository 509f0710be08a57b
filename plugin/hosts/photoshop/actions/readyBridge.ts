import { PspError } from '../../../../protocol/errors';
import type { Capabilities, ConnectionState } from '../../../core/bridge/bridge';
import type { Observable } from '../../../core/observable';
import type { Timers } from '../../../core/timers';

/** An action or a menu command may come right after Photoshop's start, before the bridge answered. */
const patienceMs = 15_000;

/**
 * What the bridge can do, as soon as it is there.
 * @throws PspError that says what is missing and what to do about it
 */
export function readyBridge(
  connection: Observable<ConnectionState>,
  timers: Timers,
): Promise<Capabilities> {
  return new Promise((resolve, reject) => {
    const settle = (state: ConnectionState): boolean => {
      if (state.kind === 'ready') resolve(state.capabilities);
      else if ('error' in state) {
        const { code, message } = state.error;
        reject(new PspError(code, message));
      } else return false;
      return true;
    };
    if (settle(connection.value)) return;
    const stop = connection.subscribe((state) => {
      if (settle(state)) end();
    });
    const stopWaiting = timers.after(patienceMs, () => {
      end();
      reject(notRunning());
    });
    const end = (): void => {
      stop();
      stopWaiting();
    };
  });
}

const notRunning = (): PspError =>
  new PspError(
    'CONNECTION_LOST',
    'The pSp Layers bridge does not answer. Start it with "npm start" or "psp-layers serve", then run this again.',
    { retryable: true },
  );
