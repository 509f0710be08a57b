import type { Timers } from '../../../core/timers';
import type { ExecutionContext, PhotoshopApi } from '../api';
import { isModalStateTaken, translateHostError } from './hostErrors';

/**
 * The way into Photoshop's modal state, without which nothing may be read or changed. The panel enters
 * it anew for each read and each commit; an action's playback is inside already.
 */
export interface Editor {
  readonly api: PhotoshopApi;
  enter<T>(commandName: string, run: (context: ExecutionContext) => Promise<T>): Promise<T>;
}

/** A finished result waits this long for the user to leave a dialog before it is given up. */
const patienceMs = 120_000;
const retryMs = 250;

export function modalEditor(api: PhotoshopApi, timers: Timers): Editor {
  const sleep = (): Promise<void> => new Promise((wake) => timers.after(retryMs, wake));

  const enterPatiently = async <T>(
    commandName: string,
    run: (context: ExecutionContext) => Promise<T>,
  ): Promise<T> => {
    const giveUpAt = timers.now() + patienceMs;
    for (;;) {
      try {
        return await api.core.executeAsModal(run, { commandName });
      } catch (error) {
        // `timeOut` would do this, but came with 25.10, above our floor.
        if (!isModalStateTaken(error) || timers.now() >= giveUpAt) throw translateHostError(error);
        await sleep();
      }
    }
  };

  // A plug-in may nest its own scopes: two jobs that end together would share one history suspension.
  let last: Promise<unknown> = Promise.resolve();
  return {
    api,
    enter(commandName, run) {
      const entered = last.then(() => enterPatiently(commandName, run));
      last = entered.catch(() => undefined);
      return entered;
    },
  };
}

/** For playback: Photoshop gave the context, and a second modal scope would be in its way. */
export function playbackEditor(api: PhotoshopApi, context: ExecutionContext): Editor {
  return {
    api,
    async enter(_commandName, run) {
      try {
        return await run(context);
      } catch (error) {
        throw translateHostError(error);
      }
    },
  };
}
