import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';
import { decodeChunk } from '../../protocol/chunk';
import { proofOf, type Greeting } from '../../protocol/proof';
import { fromBase64, toBase64, type Exchange, type RecordedRequest } from './exchange';

type Json = Record<string, unknown>;

export interface ReplayServer {
  readonly url: string;
  /** What the client did otherwise than recorded. */
  readonly complaints: readonly string[];
  close(): void;
}

/** Plays the server's part of an exchange, as README.md says. */
export async function startReplay({ requests }: Exchange): Promise<ReplayServer> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  const complaints: string[] = [];
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.on('connection', (socket) => play(socket, port, [...requests], complaints));
  return {
    url: `ws://localhost:${port}/`,
    complaints,
    close: () => {
      for (const client of server.clients) client.terminate();
      server.close();
    },
  };
}

function play(
  socket: WebSocket,
  port: number,
  left: RecordedRequest[],
  complaints: string[],
): void {
  const names = new Map<string, unknown>();
  let greeting: Greeting | null = null;
  let current: {
    readonly recorded: RecordedRequest;
    readonly id: unknown;
    missing: number;
  } | null = null;

  socket.on('message', (frame: Buffer, isBinary: boolean) => {
    if (isBinary) hearChunk(frame);
    else hearRequest(JSON.parse(frame.toString()) as Json);
  });

  function hearRequest({ id, method, params }: Json): void {
    const index = left.findIndex((request) => request.method === method);
    if (index < 0) return void complaints.push(`${String(method)} is not in the exchange`);
    const [recorded] = left.splice(index, 1);
    compare(recorded!.params, params, String(method));
    if (method === 'hello') challenge(params as Json);
    if (method === 'prove') checkProof();
    const missing = recorded!.error ? 0 : recorded!.chunks.length;
    current = { recorded: recorded!, id, missing };
    if (missing === 0) answer();
  }

  /** What this side of the greeting would say with the token of the tests. */
  function challenge({ instance, nonce }: Json): void {
    const texts = { instance: String(instance), clientNonce: String(nonce) };
    greeting = { port, ...texts, serverNonce: 's'.repeat(32) };
    names.set('$server-nonce', greeting.serverNonce);
    names.set('$server-proof', proofOf('token', 'server', greeting));
    names.set('$wrong-proof', '0'.repeat(64));
  }

  function checkProof(): void {
    const right = greeting && proofOf('token', 'client', greeting);
    if (names.get('$proof') !== right) complaints.push('the proof is wrong');
  }

  function hearChunk(frame: Buffer): void {
    if (!current || current.missing === 0) return; // of a request that was refused
    const { stream, offset, total, bytes } = decodeChunk(frame);
    const { chunks } = current.recorded;
    const expected = chunks[chunks.length - current.missing];
    compare(expected, { stream, offset, total, bytes: toBase64(bytes) }, 'chunk');
    current.missing--;
    if (current.missing === 0) answer();
  }

  function answer(): void {
    const { recorded, id } = current!;
    const { result, error, then, close } = recorded;
    socket.send(JSON.stringify(filled(error ? { id, error } : { id, result })));
    for (const frame of then) {
      if ('text' in frame) socket.send(JSON.stringify(filled(frame.text)));
      else socket.send(encode(frame.chunk));
    }
    if (close) socket.close(close);
  }

  /** Equal, but for `$` names, which take the first value that they meet. */
  function compare(recorded: unknown, came: unknown, path: string): void {
    if (typeof recorded === 'string' && recorded.startsWith('$')) {
      if (!names.has(recorded)) names.set(recorded, came);
      if (names.get(recorded) !== came) complaints.push(`${path} changed`);
    } else if (typeof recorded === 'object' && recorded !== null) {
      const [a, b] = [recorded as Json, (came ?? {}) as Json];
      for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
        compare(a[key], b[key], `${path}.${key}`);
      }
    } else if (recorded !== came) {
      complaints.push(`${path} is ${JSON.stringify(came)}, not ${JSON.stringify(recorded)}`);
    }
  }

  function filled(value: unknown): unknown {
    if (typeof value === 'string' && value.startsWith('$')) return names.get(value);
    if (Array.isArray(value)) return value.map(filled);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, filled(entry)]));
  }
}

/** One frame as it was recorded: the server may cut a payload as it likes. */
function encode(chunk: { stream: number | string; offset: number; total: number; bytes: string }) {
  const bytes = fromBase64(chunk.bytes);
  const frame = Buffer.alloc(16 + bytes.length);
  frame.write('PSPL', 0, 'latin1');
  frame.writeUInt32LE(Number(chunk.stream), 4);
  frame.writeUInt32LE(chunk.offset, 8);
  frame.writeUInt32LE(chunk.total, 12);
  frame.set(bytes, 16);
  return frame;
}
