import type { Modal } from './modal';

interface SocketEvent {
  readonly type: EventName;
  readonly data?: string | ArrayBuffer;
  readonly code?: number;
  readonly reason?: string;
}
type EventName = 'open' | 'message' | 'close' | 'error';
type Handler = (event: SocketEvent) => void;

/** The other end of a connection, as a test's server holds it. */
export interface ServerEnd {
  onMessage: ((data: string | ArrayBuffer) => void) | null;
  onClose: (() => void) | null;
  send(data: string | ArrayBuffer | Uint8Array): void;
  close(code?: number, reason?: string): void;
}

type Accept = (socket: ServerEnd) => void;

/** Our own rule: the longest message Photoshop takes is undocumented, so no frame is above 1 MiB. */
const longestFrame = 1024 * 1024;

/** The network as a UXP plug-in may use it: what the manifest lists, and nothing else. */
export class FakeNetwork {
  private readonly servers = new Map<string, Accept>();
  private readonly late: (() => void)[] = [];
  private readonly open = new Set<ServerEnd>();

  constructor(
    private readonly domains: readonly string[],
    private readonly modal: Modal,
  ) {}

  /** @param origin e.g. `ws://localhost:7077` */
  listen(origin: string, accept: Accept): void {
    this.servers.set(origin, accept);
  }

  stop(origin: string): void {
    this.servers.delete(origin);
  }

  /** Ends every connection for the servers; the plug-in hears nothing of it. */
  hangUp(): void {
    for (const end of this.open) end.onClose?.();
  }

  /** The close events of the plug-in's own `close()`, which Photoshop sends some five seconds later. */
  deliverLateCloses(): void {
    for (const close of this.late.splice(0)) close();
  }

  /** The constructor a plug-in sees as its global `WebSocket`. */
  get WebSocket(): new (url: string, protocols?: string | string[]) => FakeWebSocket {
    const wire: Wire = {
      require: (url) => this.require(url),
      acceptor: (origin) => {
        const accept = this.servers.get(origin);
        return (
          accept &&
          ((end) => {
            this.open.add(end);
            accept(end);
          })
        );
      },
      deliver: (event) => this.modal.deliver(event),
      later: (event) => this.late.push(event),
    };
    return class extends FakeWebSocket {
      constructor(url: string, _protocols?: string | string[]) {
        super(wire, url);
      }
    };
  }

  /** UXP 7.4: an address in numbers is refused even when listed, and so is all that is not listed. */
  private require(url: string): string {
    const { protocol, host, hostname } = new URL(url);
    const origin = `${protocol}//${host}`;
    const numeric = /^[\d.]+$|^\[/.test(hostname);
    const listed = this.domains.some(
      (domain) => domain === origin || domain === `${protocol}//${hostname}/`,
    );
    if (numeric || !listed) {
      throw new Error(`Permission denied to the url ${url}. Manifest entry not found.`);
    }
    return origin;
  }
}

interface Wire {
  require(url: string): string;
  acceptor(origin: string): Accept | undefined;
  deliver(event: () => void): void;
  later(event: () => void): void;
}

export class FakeWebSocket {
  static readonly CONNECTING = 0;
  static readonly OPEN = 1;
  static readonly CLOSING = 2;
  static readonly CLOSED = 3;
  readonly CONNECTING = 0;
  readonly OPEN = 1;
  readonly CLOSING = 2;
  readonly CLOSED = 3;

  readyState = 0;
  binaryType = 'blob';
  bufferedAmount = 0;
  onopen: Handler | null = null;
  onmessage: Handler | null = null;
  onclose: Handler | null = null;
  onerror: Handler | null = null;
  private readonly handlers: { readonly type: EventName; readonly handler: Handler }[] = [];
  private readonly server: ServerEnd = {
    onMessage: null,
    onClose: null,
    send: (data) => setImmediate(() => this.receive(data)),
    close: (code = 1000, reason = '') => setImmediate(() => this.closed(code, reason)),
  };

  constructor(
    private readonly wire: Wire,
    readonly url: string,
  ) {
    const accept = wire.acceptor(wire.require(url));
    setImmediate(() => {
      if (this.readyState !== 0) return;
      // A refused connection is a `close`, without an `open` before it.
      if (accept === undefined) return this.closed(1006, '');
      this.readyState = 1;
      accept(this.server);
      this.emit({ type: 'open' });
    });
  }

  addEventListener(type: EventName, handler: Handler): void {
    this.handlers.push({ type, handler });
  }

  removeEventListener(type: EventName, handler: Handler): void {
    const index = this.handlers.findIndex(
      (entry) => entry.type === type && entry.handler === handler,
    );
    if (index >= 0) this.handlers.splice(index, 1);
  }

  send(data: string | ArrayBuffer | ArrayBufferView): void {
    if (this.readyState !== 1) throw new Error('The WebSocket is not open');
    const copy = typeof data === 'string' ? data : bytesOf(data);
    const length = typeof copy === 'string' ? copy.length : copy.byteLength;
    if (length > longestFrame) throw new Error(`A frame of ${length} bytes is above 1 MiB`);
    this.bufferedAmount += length;
    setImmediate(() => {
      this.bufferedAmount -= length;
      this.server.onMessage?.(copy);
    });
  }

  close(_code?: number, _reason?: string): void {
    if (this.readyState > 1) return;
    this.readyState = 2;
    setImmediate(() => this.server.onClose?.());
    this.wire.later(() => this.closed(1005, ''));
  }

  private receive(data: string | ArrayBuffer | Uint8Array): void {
    if (this.readyState !== 1) return;
    if (typeof data === 'string') return this.emit({ type: 'message', data });
    // The plug-in has no Blob reader worth the name: it must have asked for arraybuffer.
    if (this.binaryType !== 'arraybuffer') throw new Error('binaryType is not arraybuffer');
    this.emit({ type: 'message', data: bytesOf(data) });
  }

  private closed(code: number, reason: string): void {
    this.readyState = 3;
    this.emit({ type: 'close', code, reason });
  }

  private emit(event: SocketEvent): void {
    this.wire.deliver(() => {
      this[`on${event.type}`]?.(event);
      for (const { type, handler } of [...this.handlers]) if (type === event.type) handler(event);
    });
  }
}

function bytesOf(data: ArrayBuffer | ArrayBufferView): ArrayBuffer {
  const view = ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
  return view.slice().buffer;
}
