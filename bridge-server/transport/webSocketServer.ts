import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { maxFrameBytes } from '../../protocol/limits';
import { refuseCaller } from './guard';
import type { Wire, WireListener } from './wire';

export interface SocketServerOptions {
  /** 0 takes any free port. */
  readonly port: number;
  readonly maxConnections: number;
  readonly onConnection: (wire: Wire) => WireListener;
  /** Plain GET requests of callers that were let through. */
  readonly onRequest: (request: IncomingMessage, response: ServerResponse) => void;
}

export interface SocketServer {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Listens on 127.0.0.1 for WebSockets and plain HTTP.
 * @throws the system's error when the port cannot be had
 */
export async function listen(options: SocketServerOptions): Promise<SocketServer> {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: maxFrameBytes,
    perMessageDeflate: false,
  });
  const http = createServer({ requestTimeout: 10_000, headersTimeout: 10_000 });
  const refusal = ({ headers }: IncomingMessage): string | null =>
    refuseCaller({ host: headers.host, origin: headers.origin }, portOf(http));

  http.on('request', (request, response) => {
    const reason = refusal(request);
    if (reason === null) options.onRequest(request, response);
    else response.writeHead(403, { 'content-type': 'text/plain' }).end(reason);
  });
  http.on('upgrade', (request, socket, head) => {
    const reason = refusal(request);
    if (reason !== null) return refuseUpgrade(socket, '403 Forbidden', reason);
    if (sockets.clients.size >= options.maxConnections) {
      const text = `${options.maxConnections} programs are connected already. Close one of them.`;
      return refuseUpgrade(socket, '503 Service Unavailable', text);
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => attach(webSocket, options));
  });

  await new Promise<void>((resolve, reject) => {
    http.once('error', reject);
    // Not "localhost": on some systems that binds ::1 alone, where hosts do not look.
    http.listen(options.port, '127.0.0.1', () => {
      http.off('error', reject);
      resolve();
    });
  });
  return { port: portOf(http), close: () => close(http, sockets) };
}

function attach(webSocket: WebSocket, options: SocketServerOptions): void {
  webSocket.binaryType = 'nodebuffer';
  const listener = options.onConnection(wireOf(webSocket));
  webSocket.on('message', (message, isBinary) => {
    const bytes = message as Buffer;
    if (isBinary) listener.onBinary(bytes);
    else listener.onText(bytes.toString());
  });
  webSocket.on('pong', () => listener.onPong());
  webSocket.on('close', () => listener.onClosed());
  // A frame that breaks RFC 6455 or the size limit: ws closes with the right code, and `close` follows.
  webSocket.on('error', () => undefined);
}

function wireOf(webSocket: WebSocket): Wire {
  const send = (frame: string | Uint8Array): Promise<void> =>
    new Promise((resolve) => webSocket.send(frame, () => resolve()));
  return {
    sendText: send,
    sendBinary: send,
    get bufferedBytes() {
      return webSocket.bufferedAmount;
    },
    pause: () => webSocket.pause(),
    resume: () => webSocket.resume(),
    ping: () => webSocket.ping(),
    close: (code, reason) => webSocket.close(code, reason),
    terminate: () => webSocket.terminate(),
  };
}

function refuseUpgrade(socket: Duplex, status: string, reason: string): void {
  const head = [`HTTP/1.1 ${status}`, 'Content-Type: text/plain', 'Connection: close'];
  socket.end(`${head.join('\r\n')}\r\n\r\n${reason}`);
}

function portOf(http: Server): number {
  const address = http.address();
  return typeof address === 'object' && address ? address.port : 0;
}

/** Sockets that were closed politely get a moment to say so too, so that their last message is read. */
const farewellMs = 500;

async function close(http: Server, sockets: WebSocketServer): Promise<void> {
  const clients = [...sockets.clients];
  const ended = clients.map((client) => new Promise((resolve) => client.once('close', resolve)));
  const overdue = setTimeout(() => clients.forEach((client) => client.terminate()), farewellMs);
  await Promise.all(ended);
  clearTimeout(overdue);
  const closed = new Promise<void>((resolve) => http.close(() => resolve()));
  http.closeAllConnections();
  await closed;
}
