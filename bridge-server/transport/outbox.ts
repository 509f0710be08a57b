import { encodeChunks } from '../../protocol/chunk';
import type { Payload } from './service';
import type { Wire } from './wire';

/** Text that may wait for a peer that does not read: some ten thousand events. */
const maxBufferedBytes = 4 * 1024 * 1024;

interface Batch {
  readonly payloads: readonly Payload[];
  readonly onSent: () => void;
}

/** Sends text at once and payloads one chunk at a time, so that events and cancels get through between. */
export class Outbox {
  private readonly waiting: Batch[] = [];
  private pumping = false;
  private closed = false;

  constructor(
    private readonly wire: Wire,
    /** A chunk has left: the peer reads. */
    private readonly onDrained: () => void,
  ) {}

  sendText(message: object): void {
    if (this.closed) return;
    if (this.wire.bufferedBytes > maxBufferedBytes) this.wire.terminate();
    else void this.wire.sendText(JSON.stringify(message));
  }

  sendPayloads(payloads: readonly Payload[], onSent: () => void): void {
    if (this.closed) return;
    this.waiting.push({ payloads, onSent });
    if (!this.pumping) void this.pump();
  }

  close(): void {
    this.closed = true;
    this.waiting.length = 0;
  }

  private async pump(): Promise<void> {
    this.pumping = true;
    for (let batch = this.waiting.shift(); batch; batch = this.waiting.shift()) {
      for (const payload of batch.payloads) await this.send(payload);
      if (!this.closed) batch.onSent();
    }
    this.pumping = false;
  }

  private async send({ stream, bytes, isStale }: Payload): Promise<void> {
    for (const chunk of encodeChunks(stream, bytes)) {
      if (this.closed || isStale()) return;
      await this.wire.sendBinary(chunk);
      this.onDrained();
    }
  }
}
