/** One WebSocket as the rest of the transport sees it; `webSocketServer.ts` makes it from ws. */
export interface PeerSocket {
  /** Resolves when the frame has left this process, or when it no longer can. */
  sendText(text: string): Promise<void>;
  sendBinary(bytes: Uint8Array): Promise<void>;
  /** What was sent and has not left this process yet. */
  readonly bufferedBytes: number;
  /** Stops and resumes reading, so that a fast peer waits for a slow disk. */
  pause(): void;
  resume(): void;
  /** @param mark comes back with the pong, when the peer has taken in all that was sent before it */
  ping(mark: string): void;
  /** The peer has proved itself: its socket no longer makes way for newer ones. */
  trust(): void;
  /** A polite end; the peer may still read what was sent. */
  close(code: number, reason: string): void;
  /** An immediate end. */
  terminate(): void;
}

export interface SocketListener {
  onText(text: string): void;
  onBinary(bytes: Uint8Array): void;
  onPong(mark: string): void;
  /** Exactly once; nothing follows. */
  onClosed(): void;
}

/** WebSocket close codes that we use (RFC 6455, 7.4). */
export const closeCodes = { goingAway: 1001, breach: 4400, notPaired: 4401, replaced: 4409 };
