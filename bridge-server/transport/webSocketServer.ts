import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { maxFrameBytes } from '../../protocol/limits';
import { refuseCaller } from './guard';
import { Strangers } from './strangers';
import type { PeerSocket, SocketListener } from './peerSocket';

export interface SocketServerOptions {
  /** 0 takes any free port. */
  readonly port: number;
  /** Why no further connection can be had now, as a sentence, or `null`. */
  readonly refuseConnection: () => string | null;
  readonly onConnection: (socket: PeerSocket) => SocketListener;
  /** The system could not take a connection in, or a request ended in an error nobody foresaw. */
  readonly onTrouble: (error: unknown) => void;
  /** Plain GET requests of callers that were let through. */
  readonly onRequest: (request: IncomingMessage, response: ServerResponse) => void;
}

export interface SocketServer {
  readonly port: number;
  close(): Promise<void>;
}

/** A browser opens six sockets for a page; nobody needs more than a few between connect and hello. */
const maxStrangers = 64;
/** Sockets that were closed politely get a moment to say so too, so that their last message is read. */
const farewellMs = 500;

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
  const http = createServer({
    requestTimeout: 10_000,
    headersTimeout: 10_000,
    connectionsCheckingInterval: 1000,
  });
  const strangers = new Strangers<Duplex>(maxStrangers);
  http.on('connection', (socket) => {
    strangers.add(socket);
    socket.once('close', () => strangers.delete(socket));
    // Whatever its state is, also between two owners: a socket that breaks is only closed.
    socket.on('error', () => socket.destroy());
  });
  const refusal = ({ headers }: IncomingMessage): string | null =>
    refuseCaller({ host: headers.host, origin: headers.origin }, portOf(http));

  http.on('request', (request, response) => {
    const reason = refusal(request);
    if (reason !== null) return refuseRequest(response, 403, reason);
    try {
      options.onRequest(request, response);
    } catch (error) {
      options.onTrouble(error);
      refuseRequest(response, 500, 'The page could not be read. Install pSp Layers again.');
    }
  });
  http.on('upgrade', (request, socket, head) => {
    const reason = refusal(request);
    if (reason !== null) return refuseUpgrade(socket, '403 Forbidden', reason);
    const full = options.refuseConnection();
    if (full !== null) return refuseUpgrade(socket, '503 Service Unavailable', full);
    sockets.handleUpgrade(request, socket, head, (webSocket) =>
      attach(webSocket, options, () => strangers.delete(socket)),
    );
  });

  await new Promise<void>((resolve, reject) => {
    http.once('error', reject);
    // Not "localhost": on some systems that binds ::1 alone, where hosts do not look.
    http.listen(options.port, '127.0.0.1', () => {
      http.off('error', reject);
      http.on('error', options.onTrouble);
      resolve();
    });
  });
  return { port: portOf(http), close: () => close(http, sockets) };
}

function attach(webSocket: WebSocket, options: SocketServerOptions, trust: () => void): void {
  webSocket.binaryType = 'nodebuffer';
  const listener = options.onConnection(socketOf(webSocket, trust));
  webSocket.on('message', (message, isBinary) => {
    const bytes = message as Buffer;
    if (isBinary) listener.onBinary(bytes);
    else listener.onText(bytes.toString());
  });
  webSocket.on('pong', (mark) => listener.onPong(mark.toString()));
  webSocket.on('close', () => listener.onClosed());
  // A frame that breaks RFC 6455 or the size limit: ws closes with the right code, and `close` follows.
  webSocket.on('error', () => endSoon(webSocket));
}

/** For a peer that does not answer a close, or keeps its half open. */
function endSoon(webSocket: WebSocket): void {
  const overdue = setTimeout(() => webSocket.terminate(), farewellMs);
  webSocket.once('close', () => clearTimeout(overdue));
}

function socketOf(webSocket: WebSocket, trust: () => void): PeerSocket {
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
    ping: (mark) => webSocket.ping(mark),
    trust,
    close(code, reason) {
      webSocket.close(code, reason);
      endSoon(webSocket);
    },
    terminate: () => webSocket.terminate(),
  };
}

function refuseRequest(response: ServerResponse, status: number, reason: string): void {
  if (!response.headersSent) response.writeHead(status, { 'content-type': 'text/plain' });
  response.end(reason);
}

/** The peer may keep its half open: it gets a moment to read, then the socket is gone. */
function refuseUpgrade(socket: Duplex, status: string, reason: string): void {
  const head = [`HTTP/1.1 ${status}`, 'Content-Type: text/plain', 'Connection: close'];
  const overdue = setTimeout(() => socket.destroy(), farewellMs);
  socket.once('close', () => clearTimeout(overdue));
  socket.resume().end(`${head.join('\r\n')}\r\n\r\n${reason}`);
}

function portOf(http: Server): number {
  const address = http.address();
  return typeof address === 'object' && address ? address.port : 0;
}

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
