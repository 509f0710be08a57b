import type { Timers } from '../timers';

/** Lets a runtime's own event type stand where we only read one field (method parameters are bivariant). */
type Listener<E> = { bivarianceHack(event: E): void }['bivarianceHack'] | null;

/** What the client uses of a WebSocket: Photoshop's, a browser's and the ws package's all have it. */
export interface SocketLike {
  binaryType: string;
  readonly bufferedAmount: number;
  onopen: Listener<unknown>;
  onmessage: Listener<{ readonly data: unknown }>;
  onclose: Listener<{ readonly code?: number }>;
  onerror: Listener<unknown>;
  send(frame: string | Uint8Array<ArrayBuffer>): void;
  close(): void;
}

/** What the client needs of the runtime it is in. */
export interface BridgeRuntime {
  /** May throw: Photoshop does when its manifest does not allow the address. */
  openSocket(url: string): SocketLike;
  readonly timers: Timers;
  /** 16 to 64 letters and digits that nobody could guess. */
  randomName(): string;
}

export interface TokenStore {
  load(): Promise<string | null>;
  save(token: string): Promise<void>;
}
