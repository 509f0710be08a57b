import { setTimeout as sleep } from 'node:timers/promises';
import { PspError } from '../../../protocol/errors';
import type { Engine, Tensors } from '../engine';
import type { Graph } from '../graph';
import { createCaller, type Answer, type ServerAddress } from './call';
import { failureOf, failureToCall, type Failure } from './failure';
import { decodeResponse, encodeRequest, headerLengthField } from './message';

export interface RemoteEngineOptions {
  /** How long one call may take, a cold network on a busy server included. */
  readonly callMs?: number;
  /** Waits before the second, third … try. */
  readonly pausesMs?: readonly number[];
  readonly connections?: number;
}

/** A network's name on a server: by content, so that a wrong version can never answer. */
export function servedName({ sha256 }: Pick<Graph, 'sha256'>): string {
  const [file = '', ...part] = sha256.split('/');
  return ['psp', file.slice(0, 12), ...part].join('-');
}

/**
 * The engine over an inference server that speaks the Open Inference Protocol, NVIDIA Triton first.
 * It never falls back to this machine's processor: a seat sized without a GPU would take minutes
 * without a word. HTTP cannot cancel what a server has begun; a cancelled run is not waited for.
 */
export function createRemoteEngine(
  server: ServerAddress,
  { callMs = 60_000, pausesMs = [250, 1000, 4000], connections = 8 }: RemoteEngineOptions = {},
): Engine {
  const { host } = server.url;
  const caller = createCaller(server, connections);
  let calls = 0;

  async function attempt(
    graph: Graph,
    inputs: Tensors,
    signal: AbortSignal,
  ): Promise<Tensors | Failure> {
    const name = servedName(graph);
    const request = encodeRequest(`${process.pid}-${(calls += 1)}`, inputs);
    let answer: Answer;
    try {
      answer = await caller.call(
        {
          method: 'POST',
          path: `/v2/models/${name}/infer`,
          headers: {
            'content-type': 'application/octet-stream',
            'content-length': request.byteLength,
            [headerLengthField]: request.headerLength,
          },
          parts: request.parts,
        },
        signal,
      );
    } catch (thrown) {
      return failureToCall(thrown, host);
    }
    if (answer.status !== 200) return failureOf(answer, host, `the network ${name}`);
    return decodeResponse(answer.body, answer.headerLength);
  }

  return {
    report: { provider: 'remote', device: `Inference server ${host}`, passedOver: [] },

    async run(graph, inputs, signal) {
      for (let tries = 0; ; tries += 1) {
        throwIfCancelled(signal);
        const deadline = AbortSignal.timeout(callMs);
        const result = await attempt(
          graph,
          inputs,
          signal ? AbortSignal.any([signal, deadline]) : deadline,
        );
        throwIfCancelled(signal);
        if (!isFailure(result)) return result;
        if (deadline.aborted) throw tooSlow(host, callMs);
        const pause = pausesMs[tries];
        if (!result.again || pause === undefined) throw result.error;
        // Spread, so that the seats of a studio do not come back all at once.
        await sleep(pause * (0.5 + Math.random()), undefined, signal ? { signal } : {}).catch(
          () => undefined,
        );
      }
    },

    // The networks are the server's.
    release: async () => undefined,

    async close() {
      caller.close();
    },
  };
}

const isFailure = (result: Tensors | Failure): result is Failure =>
  'error' in result && result.error instanceof PspError;

function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new PspError('CANCELLED', 'The job was cancelled.');
}

const tooSlow = (host: string, milliseconds: number): PspError =>
  new PspError(
    'CONNECTION_LOST',
    `The inference server ${host} did not answer within ${milliseconds / 1000} s. Look at its load, or run this again later.`,
    { retryable: true },
  );
