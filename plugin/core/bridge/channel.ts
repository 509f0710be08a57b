import { decodeChunk, encodeChunks } from '../../../protocol/chunk';
import { decodeServerMessage } from '../../../protocol/envelope';
import { PspError, toPspError } from '../../../protocol/errors';
import type { ServerEvent } from '../../../protocol/events';
import { methods, type Method, type Params, type Result } from '../../../protocol/methods';
import type { SocketLike } from './runtime';
import type { Timers } from '../timers';

/** A full send buffer closes Photoshop's socket; this much keeps localhost busy. */
const maxBufferedBytes = 4 * 1024 * 1024;
const drainPollMs = 4;
/** From a goodbye to the close that follows it. */
const farewellMs = 1000;

export interface Announced {
  readonly stream: number;
  readonly bytes: number;
}

export interface Outgoing {
  readonly stream: number;
  readonly bytes: Uint8Array;
}

export interface Delivery<M extends Method> {
  readonly result: Result<M>;
  /** The payload of a stream that the result names. */
  payload(stream: number): Uint8Array<ArrayBuffer>;
}

interface Pending {
  readonly settle: (result: unknown) => void;
  readonly reject: (error: PspError) => void;
}

interface Arriving {
  readonly buffer: Uint8Array<ArrayBuffer>;
  received: number;
  readonly done: () => void;
  readonly fail: (error: PspError) => void;
}

/** One open socket: requests with their payloads out, answers with theirs and events in. */
export class BridgeChannel {
  /** Whether the bridge reads opaque pixels without their alpha and masks as runs, as the greeting says. */
  isCompact = false;
  private readonly pending = new Map<number, Pending>();
  private readonly arriving = new Map<number, Arriving>();
  private sending: Promise<void> = Promise.resolve();
  private lastId = 0;
  private lastStream = 0;
  private closed: PspError | null = null;
  /** What the server gave as its reason to close. */
  private farewell: PspError | null = null;
  private stopFarewell: () => void = () => undefined;

  constructor(
    private readonly socket: SocketLike,
    private readonly timers: Timers,
    private readonly onEvent: (event: ServerEvent) => void,
    /** Once, with what is known of the reason. */
    private readonly onClosed: (error: PspError, closeCode: number | null) => void,
  ) {
    socket.binaryType = 'arraybuffer';
    socket.onmessage = ({ data }) => this.onMessage(data);
    socket.onclose = ({ code }) => this.close(this.farewell ?? lost(), code ?? null);
    socket.onerror = () => undefined; // `close` follows
  }

  nextStream(): number {
    return ++this.lastStream;
  }

  /**
   * Sends a request and its payloads; resolves when the answer and the payloads that `announced`
   * reads out of it have arrived.
   */
  ask<M extends Method>(
    method: M,
    params: Params<M>,
    payloads: readonly Outgoing[] = [],
    announced: (result: Result<M>) => readonly Announced[] = () => [],
    /** Hears what part of the payloads has been handed to the socket, 0..1. */
    onSent: (share: number) => void = () => undefined,
  ): Promise<Delivery<M>> {
    return new Promise((resolve, reject) => {
      if (this.closed) return reject(this.closed);
      const id = ++this.lastId;
      const decode = methods[method].result as (value: unknown, path: string) => Result<M>;
      this.pending.set(id, {
        reject,
        // At once, not in a later microtask: the next frame may be the first chunk.
        settle: (value) => {
          let result: Result<M>;
          try {
            result = decode(value, `${method} answer`);
          } catch (error) {
            // Of a newer server: this request cannot be used, the connection can.
            return reject(toPspError(error));
          }
          const streams = announced(result).map((payload) => this.expect(payload));
          Promise.all(streams).then((buffers) => {
            const found = new Map(buffers);
            resolve({ result, payload: (stream) => found.get(stream)! });
          }, reject);
        },
      });
      this.send(JSON.stringify({ id, method, params }));
      this.sending = this.sending.then(() => this.sendPayloads(id, payloads, onSent));
    });
  }

  close(error: PspError, closeCode: number | null = null): void {
    if (this.closed) return;
    this.closed = error;
    this.stopFarewell();
    // Photoshop reports our own close seconds later: let go of the socket first.
    this.socket.onmessage = this.socket.onclose = null;
    this.socket.close();
    for (const { reject } of this.pending.values()) reject(error);
    for (const { fail } of this.arriving.values()) fail(error);
    this.onClosed(error, closeCode);
  }

  /** The server closes now, with a code; one that does not is closed from here. */
  private awaitEnd(error: PspError): void {
    this.farewell = error;
    this.stopFarewell = this.timers.after(farewellMs, () => this.close(error));
  }

  private send(frame: string | Uint8Array<ArrayBuffer>): void {
    try {
      this.socket.send(frame);
    } catch {
      this.close(lost());
    }
  }

  /** Stops where the request was answered already: refused or cancelled. */
  private async sendPayloads(
    id: number,
    payloads: readonly Outgoing[],
    onSent: (share: number) => void,
  ): Promise<void> {
    const total = payloads.reduce((sum, { bytes }) => sum + bytes.length, 0);
    let sent = 0;
    for (const { stream, bytes } of payloads) {
      for (const chunk of encodeChunks(stream, bytes)) {
        while (!this.closed && this.socket.bufferedAmount > maxBufferedBytes) {
          await new Promise<void>((resolve) => this.timers.after(drainPollMs, resolve));
        }
        if (this.closed || !this.pending.has(id)) return;
        this.send(chunk);
        sent = Math.min(total, sent + chunk.length);
        onSent(sent / total);
      }
    }
  }

  private onMessage(frame: unknown): void {
    try {
      if (typeof frame === 'string') this.hearText(frame);
      else this.hearChunk(new Uint8Array(frame as ArrayBuffer));
    } catch (error) {
      this.close(toPspError(error));
    }
  }

  private hearText(frame: string): void {
    const message = decodeServerMessage(frame);
    if (!message) return;
    if (message.kind === 'event') {
      const { event } = message;
      if (event.event !== 'goodbye') return this.onEvent(event);
      return this.awaitEnd(PspError.from(event.params.error));
    }
    const request = this.pending.get(message.id);
    this.pending.delete(message.id);
    if (!request) return;
    if (message.kind === 'result') return request.settle(message.result);
    request.reject(PspError.from(message.error));
  }

  private expect({
    stream,
    bytes,
  }: Announced): Promise<readonly [number, Uint8Array<ArrayBuffer>]> {
    return new Promise((resolve, reject) => {
      const buffer = new Uint8Array(bytes);
      const done = (): void => resolve([stream, buffer]);
      this.arriving.set(stream, { buffer, received: 0, done, fail: reject });
    });
  }

  private hearChunk(frame: Uint8Array): void {
    const { stream, offset, bytes } = decodeChunk(frame);
    const payload = this.arriving.get(stream);
    if (!payload) return;
    if (offset !== payload.received || offset + bytes.length > payload.buffer.length) {
      throw new PspError('BAD_MESSAGE', `Stream ${stream} came out of order. Connect again.`);
    }
    payload.buffer.set(bytes, offset);
    payload.received += bytes.length;
    if (payload.received < payload.buffer.length) return;
    this.arriving.delete(stream);
    payload.done();
  }
}

const lost = (): PspError =>
  new PspError('CONNECTION_LOST', 'The connection to the bridge server was lost.', {
    retryable: true,
  });
