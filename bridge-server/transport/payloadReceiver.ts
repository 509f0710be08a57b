import { decodeChunk } from '../../protocol/chunk';
import { PspError } from '../../protocol/errors';

interface Awaited {
  readonly total: number;
  received: number;
  /** The last slow write; `null` while none was. */
  writing: Promise<void> | null;
  readonly write: (bytes: Uint8Array, offset: number) => void | Promise<void>;
  readonly done: () => void;
  readonly fail: (error: PspError) => void;
}

/** How a receiver holds a peer back while a payload is written somewhere slow. */
export interface Flow {
  pause(): void;
  resume(): void;
}

/**
 * Puts the chunks of announced payloads together. Nothing is allocated before `receive` is called,
 * which is after the announcement has been checked against the limits.
 */
export class PayloadReceiver {
  private readonly awaited = new Map<number, Awaited>();
  private highest = 0;
  private stalled: NodeJS.Timeout | null = null;

  constructor(
    private readonly flow: Flow,
    private readonly stallMs: number,
    /** A payload stays incomplete for too long. */
    private readonly onStall: () => void,
  ) {}

  /**
   * Takes note of the streams of one message, so that their chunks are known even when it is refused.
   * @throws PspError BAD_MESSAGE for a number that was used before
   */
  announce(streams: readonly number[]): void {
    const fresh = new Set(streams.filter((stream) => stream > this.highest));
    if (fresh.size !== streams.length) {
      throw new PspError(
        'BAD_MESSAGE',
        `Stream numbers count up: after ${this.highest}, ${streams.join(', ')} cannot be announced.`,
      );
    }
    this.highest = Math.max(this.highest, ...streams);
  }

  /** Waits for an announced payload as a buffer of its own. @throws what the signal or the end says */
  async receive(
    stream: number,
    total: number,
    signal: AbortSignal,
    onBytes: (bytes: number) => void = () => undefined,
  ): Promise<Uint8Array<ArrayBuffer>> {
    const buffer = new Uint8Array(total);
    await this.receiveInto(stream, total, signal, (bytes, offset) => {
      buffer.set(bytes, offset);
      onBytes(bytes.length);
    });
    return buffer;
  }

  /** Hands an announced payload on chunk by chunk; the peer waits while `write` does. */
  receiveInto(
    stream: number,
    total: number,
    signal: AbortSignal,
    write: Awaited['write'],
  ): Promise<void> {
    return new Promise((resolve, reject) => {
      const abort = (): void => this.take(stream)?.fail(signal.reason as PspError);
      if (signal.aborted) return reject(signal.reason as PspError);
      signal.addEventListener('abort', abort, { once: true });
      const settle = <T extends unknown[]>(end: (...args: T) => void) => {
        return (...args: T): void => {
          signal.removeEventListener('abort', abort);
          end(...args);
        };
      };
      this.awaited.set(stream, {
        total,
        received: 0,
        writing: null,
        write,
        done: settle(resolve),
        fail: settle(reject),
      });
      this.watch();
    });
  }

  /**
   * Takes one binary frame.
   * @throws PspError BAD_MESSAGE when the peer does not keep to the protocol: the connection ends
   */
  accept(frame: Uint8Array): void {
    const { stream, offset, total, bytes } = decodeChunk(frame);
    const payload = this.awaited.get(stream);
    if (!payload) {
      if (stream <= this.highest) return; // of a request that was refused or cancelled meanwhile
      throw new PspError('BAD_MESSAGE', `Stream ${stream} was never announced.`);
    }
    if (offset !== payload.received || total !== payload.total) {
      throw new PspError(
        'BAD_MESSAGE',
        `Stream ${stream} stands at ${payload.received} of ${payload.total} bytes; a chunk for ${offset} of ${total} cannot follow.`,
      );
    }
    payload.received += bytes.length;
    this.watch();
    const finish = (): void => {
      if (payload.received === payload.total) this.take(stream)?.done();
    };
    // One write after the other, whatever was still under way when the peer was asked to wait.
    const written = payload.writing
      ? payload.writing.then(() => payload.write(bytes, offset))
      : payload.write(bytes, offset);
    if (!written) return finish();
    this.flow.pause();
    const writing = written
      .then(() => {
        if (payload.writing === writing) finish();
      })
      .catch((error: unknown) => this.take(stream)?.fail(error as PspError))
      .finally(() => {
        if (payload.writing === writing) this.flow.resume();
      });
    payload.writing = writing;
  }

  /** Ends every wait: the connection is gone. */
  close(error: PspError): void {
    for (const stream of [...this.awaited.keys()]) this.take(stream)?.fail(error);
  }

  private take(stream: number): Awaited | undefined {
    const payload = this.awaited.get(stream);
    this.awaited.delete(stream);
    if (this.awaited.size === 0 && this.stalled) {
      clearTimeout(this.stalled);
      this.stalled = null;
    }
    return payload;
  }

  private watch(): void {
    if (this.stalled) this.stalled.refresh();
    else this.stalled = setTimeout(this.onStall, this.stallMs);
  }
}
