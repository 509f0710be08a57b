import { PspError, type ErrorCode } from '../../../../protocol/errors';
import type { AnswerMessage, CallName, Calls } from './calls';

type Waiting = { resolve(output: unknown): void; reject(error: PspError): void };

/** Calls into the worker as if it were here. */
export function createWorkerClient(worker: Worker): Calls {
  const waiting = new Map<number, Waiting>();
  let nextId = 1;

  worker.onmessage = ({ data }: MessageEvent<AnswerMessage>) => {
    const call = waiting.get(data.id);
    waiting.delete(data.id);
    if (data.ok) call?.resolve(data.output);
    else call?.reject(new PspError(data.error.code as ErrorCode, data.error.message));
  };
  worker.onerror = (event) => {
    event.preventDefault();
    // Out of memory ends a worker without an answer.
    const error = new PspError(
      'OUT_OF_MEMORY',
      'The page ran out of memory for this picture. Close other documents, reload and try again.',
    );
    for (const call of waiting.values()) call.reject(error);
    waiting.clear();
  };

  const call =
    <N extends CallName>(name: N) =>
    (input: Parameters<Calls[N]>[0]) =>
      new Promise<unknown>((resolve, reject) => {
        const id = nextId++;
        waiting.set(id, { resolve, reject });
        worker.postMessage({ id, name, input });
      }) as ReturnType<Calls[N]>;
  return {
    openPsd: call('openPsd'),
    openPicture: call('openPicture'),
    savePsd: call('savePsd'),
    shrink: call('shrink'),
    enlarge: call('enlarge'),
    paint: call('paint'),
  };
}
