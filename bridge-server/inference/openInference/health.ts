import { createCaller, type ServerAddress } from './call';
import { failureOf, failureToCall } from './failure';

export type Health =
  | { readonly problem: string }
  | {
      readonly problem: null;
      /** Those of the names that the server does not have ready. */
      readonly missing: readonly string[];
      /** The quickest of the questions, there and back. */
      readonly milliseconds: number;
    };

const timeoutMs = 5000;

/** @param names of models; a server may be ready with nothing loaded, so each one is asked for */
export async function askHealth(server: ServerAddress, names: readonly string[]): Promise<Health> {
  const caller = createCaller(server, 1);
  const signal = AbortSignal.timeout(timeoutMs);
  const missing: string[] = [];
  let milliseconds = Infinity;
  try {
    for (const name of names) {
      const start = performance.now();
      const path = `/v2/models/${name}/ready`;
      const answer = await caller.call({ method: 'GET', path }, signal);
      milliseconds = Math.min(milliseconds, performance.now() - start);
      // Triton answers 400 for a model that is not ready, others 404.
      if (answer.status === 400 || answer.status === 404) missing.push(name);
      else if (answer.status !== 200) {
        return { problem: failureOf(answer, server.url.host, name).error.message };
      }
    }
    return { problem: null, missing, milliseconds };
  } catch (thrown) {
    return { problem: failureToCall(thrown, server.url.host).error.message };
  } finally {
    caller.close();
  }
}
