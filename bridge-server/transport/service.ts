import type { Method, Params, Result } from '../../protocol/methods';
import type { PayloadReceiver } from './payloadReceiver';

/** Bytes that follow an answer under the stream number that it names. */
export interface Payload {
  readonly stream: number;
  readonly bytes: Uint8Array;
  /** Asked before every chunk: a cancelled job's pixels never arrive. */
  readonly isStale: () => boolean;
}

export interface Reply<M extends Method> {
  readonly result: Result<M>;
  readonly payloads?: readonly Payload[];
  /** Called when the client has taken in the last payload. */
  readonly onReceived?: () => void;
}

/** A client that has said hello. */
export interface Peer {
  readonly instance: string;
  readonly payloads: PayloadReceiver;
  /** It reads opaque pixels without their alpha, and masks as runs. */
  readonly isCompact: boolean;
  /** It reads a layer's pixels without those that are hidden. */
  readonly isSparse: boolean;
  nextStream(): number;
  /** Aborted when the connection is gone. */
  readonly closed: AbortSignal;
}

/** The requests that come before every other. */
export type Opening = 'hello' | 'prove';

/**
 * Every request but the first two. A handler announces the request's streams and starts to receive them
 * before it awaits anything else, or their first chunks would find nobody. A method
 * without a handler does not compile.
 */
export type Handlers = {
  readonly [M in Exclude<Method, Opening>]: (params: Params<M>, peer: Peer) => Promise<Reply<M>>;
};

/** A client that has been answered, and has yet to prove itself. */
export interface Greeted {
  readonly instance: string;
  readonly result: Result<'hello'>;
  /** @throws PspError NOT_PAIRED */
  prove(params: Params<'prove'>): Result<'prove'>;
}

/** What stands behind the connections. */
export interface Service {
  /** @throws PspError WRONG_VERSION, NOT_PAIRED, BAD_MESSAGE */
  greet(params: unknown): Greeted;
  readonly handlers: Handlers;
  /** Tells a freshly connected client where its jobs stand. */
  arrived(instance: string): void;
}
