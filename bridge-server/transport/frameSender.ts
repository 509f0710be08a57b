import { encodeChunks } from '../../protocol/chunk';
import type { Payload } from './service';
import type { PeerSocket } from './peerSocket';

/** Text that may wait for a peer that does not read: some ten thousand events. */
const maxBufferedBytes = 4 * 1024 * 1024;

interface Batch {
  readonly payloads: readonly Payload[];
  readonly onReceived: () => void;
}

/** Sends text at once and payloads one chunk at a time, so that events and cancels get through between. */
export class FrameSender {
  private readonly waiting: Batch[] = [];
  /** By the mark of the ping behind each batch. */
  private readonly unanswered = new Map<number, () => void>();
  private lastMark = 0;
  private pumping = false;
  private closed = false;
  private unsent = 0;

  constructor(
    private readonly socket: PeerSocket,
    /** A chunk has left: the peer reads. */
    private readonly onDrained: () => void,
  ) {}

  /** Of payloads that the peer has not read yet. */
  get unsentBytes(): number {
    return this.unsent;
  }

  sendText(message: object): void {
    if (this.closed) return;
    if (this.socket.bufferedBytes > maxBufferedBytes) this.socket.terminate();
    else void this.socket.sendText(JSON.stringify(message));
  }

  /** @param onReceived called when the peer has taken in the last of them: it answered a ping after it */
  sendPayloads(payloads: readonly Payload[], onReceived: () => void): void {
    if (this.closed) return;
    this.waiting.push({ payloads, onReceived });
    this.unsent += sizeOf(payloads);
    if (!this.pumping) void this.pump();
  }

  /** Pongs come in order, but one may answer for all pings before it (RFC 6455, 5.5.3). */
  onPong(mark: string): void {
    for (const [sent, onReceived] of this.unanswered) {
      if (sent > Number(mark)) return;
      this.unanswered.delete(sent);
      onReceived();
    }
  }

  close(): void {
    this.closed = true;
    this.waiting.length = 0;
    this.unanswered.clear();
  }

  private async pump(): Promise<void> {
    this.pumping = true;
    for (let batch = this.waiting.shift(); batch; batch = this.waiting.shift()) {
      for (const payload of batch.payloads) await this.send(payload);
      if (this.closed) break;
      this.unsent -= sizeOf(batch.payloads);
      this.unanswered.set(++this.lastMark, batch.onReceived);
      this.socket.ping(String(this.lastMark));
    }
    this.pumping = false;
  }

  private async send({ stream, bytes, isStale }: Payload): Promise<void> {
    for (const chunk of encodeChunks(stream, bytes)) {
      if (this.closed || isStale()) return;
      await this.socket.sendBinary(chunk);
      this.onDrained();
    }
  }
}

const sizeOf = (payloads: readonly Payload[]): number =>
  payloads.reduce((sum, { bytes }) => sum + bytes.byteLength, 0);
