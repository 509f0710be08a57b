import { once } from 'node:events';
import { WebSocket } from 'ws';
import { isPspError, type PspError } from '../../protocol/errors';
import type { EventName, ServerEvent } from '../../protocol/events';
import { protocolVersion } from '../../protocol/limits';
import type { Params } from '../../protocol/methods';
import { proofOf } from '../../protocol/proof';
import type { RunRequest } from '../../plugin/core/bridge/bridge';
import { BridgeChannel, type Outgoing } from '../../plugin/core/bridge/channel';
import { packRun } from '../../plugin/core/bridge/messages';
import type { SocketLike } from '../../plugin/core/bridge/runtime';
import { nodeRuntime, randomName, type TestServer } from './bridgeServer';

/** A connection without the reference client's good manners: every request by hand. */
export interface RawPeer {
  readonly socket: WebSocket;
  readonly channel: BridgeChannel;
  readonly instance: string;
  readonly closed: Promise<PspError>;
  /** What a job of this request is on the wire. */
  pack(job: string, request: RunRequest): { message: Params<'run'>; payloads: readonly Outgoing[] };
  /** Puts a job into the queue. */
  run(job: string, request: RunRequest): Promise<void>;
  /** The next or an earlier event of this name about this job. */
  event<E extends EventName>(event: E, job?: string): Promise<Extract<ServerEvent, { event: E }>>;
}

export async function openSocket(server: Pick<TestServer, 'url'>): Promise<WebSocket> {
  const socket = new WebSocket(server.url);
  await once(socket, 'open');
  return socket;
}

export const helloOf = (instance = randomName()): Params<'hello'> => ({
  protocol: protocolVersion,
  client: { name: 'Raw', version: '0' },
  instance,
  nonce: randomName(),
  by: 'token',
});

/** What proves that the token is known. */
export const clientProof = (
  { url, token }: Pick<TestServer, 'url' | 'token'>,
  { instance, nonce }: Params<'hello'>,
  serverNonce: string,
): string =>
  proofOf(token, 'client', {
    port: Number(new URL(url).port),
    instance,
    clientNonce: nonce,
    serverNonce,
  });

export async function openPeer(
  server: Pick<TestServer, 'url' | 'token'>,
  instance = randomName(),
): Promise<RawPeer> {
  const socket = await openSocket(server);
  const heard: ServerEvent[] = [];
  const listeners = new Set<(event: ServerEvent) => void>();
  let onClosed: (error: PspError) => void;
  const closed = new Promise<PspError>((resolve) => (onClosed = resolve));
  const channel = new BridgeChannel(
    socket as SocketLike,
    nodeRuntime().timers,
    (event) => {
      heard.push(event);
      for (const listener of listeners) listener(event);
    },
    (error) => onClosed(error),
  );
  const hello = helloOf(instance);
  const { nonce: serverNonce } = (await channel.ask('hello', hello)).result;
  const proof = clientProof(server, hello, serverNonce);
  await channel.ask('prove', { proof, compact: undefined, sparse: undefined });
  const pack = (job: string, request: RunRequest): ReturnType<RawPeer['pack']> =>
    packRun(job, request, channel);
  return {
    socket,
    channel,
    instance,
    closed,
    pack,
    async run(job, request) {
      const { message, payloads } = pack(job, request);
      await channel.ask('run', message, payloads);
    },
    event(name, job) {
      type Wanted = Extract<ServerEvent, { event: typeof name }>;
      const isWanted = (event: ServerEvent): event is Wanted =>
        event.event === name && (!job || ('job' in event.params && event.params.job === job));
      const earlier = heard.find(isWanted);
      if (earlier) return Promise.resolve(earlier);
      return new Promise((resolve) => {
        const listener = (event: ServerEvent): void => {
          if (!isWanted(event)) return;
          listeners.delete(listener);
          resolve(event);
        };
        listeners.add(listener);
      });
    },
  };
}

/** The code with which a promise rejects. */
export async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    if (isPspError(error)) return error.code;
    throw error;
  }
  return 'none';
}
