import type { WebSocket } from 'ws';
import { decodeChunk } from '../../protocol/chunk';
import { toBase64, type RecordedChunk, type RecordedRequest } from './exchange';

type Json = Record<string, unknown>;

/** Listens to a client's socket and sorts what passes into requests and what follows them. */
export class Recorder {
  readonly requests: (RecordedRequest & { id: number; close?: number })[] = [];
  private readonly names = new Map<unknown, string>();

  /** @param knowsToken whether the client has the server's token */
  constructor(private readonly knowsToken: boolean) {}

  attach(socket: WebSocket): void {
    const send = socket.send.bind(socket) as (frame: string | Uint8Array) => void;
    Object.assign(socket, {
      send: (frame: string | Uint8Array) => {
        if (typeof frame === 'string') this.request(JSON.parse(frame) as Json);
        else this.owner(frame).chunks.push(this.chunk(frame, true));
        send(frame);
      },
    });
    socket.on('message', (frame: ArrayBuffer | Buffer, isBinary: boolean) => {
      if (isBinary) this.last.then.push({ chunk: this.chunk(new Uint8Array(frame), false) });
      else this.answer(JSON.parse(frame.toString()) as Json);
    });
    socket.on('close', (code: number) => {
      if (code >= 4000) this.last.close = code;
    });
  }

  private get last() {
    return this.requests.at(-1)!;
  }

  private request({ id, method, params }: Json): void {
    const recorded = { method: String(method), params: this.named(params as Json), chunks: [] };
    this.requests.push({ id: Number(id), ...recorded, then: [] });
  }

  private answer(message: Json): void {
    if ('event' in message) {
      this.last.then.push({ text: this.steady(message) });
      return;
    }
    const request = this.requests.find(({ id }) => id === message['id'])!;
    Object.assign(request, this.steady(message));
  }

  /** The request whose message announced the chunk's stream. */
  private owner(frame: Uint8Array): RecordedRequest {
    const name = this.names.get(`stream ${decodeChunk(frame).stream}`)!;
    return this.requests.find(({ params }) => JSON.stringify(params).includes(`"${name}"`))!;
  }

  private chunk(frame: Uint8Array, fromClient: boolean): RecordedChunk {
    const { stream, offset, total, bytes } = decodeChunk(frame);
    const name = fromClient ? this.names.get(`stream ${stream}`)! : stream;
    return { stream: name, offset, total, bytes: toBase64(bytes) };
  }

  /** What a client chooses itself, as `$` names. */
  private named(value: unknown, key = ''): unknown {
    if (Array.isArray(value)) return value.map((entry) => this.named(entry));
    if (key === 'client') return { name: '$name', version: '$version' };
    if (key === 'nonce') return '$nonce';
    if (key === 'proof') return '$proof';
    if (key === 'instance') return '$instance';
    if (key === 'job') return this.nameOf('$job', value);
    if (key === 'stream') return this.nameOf(`$stream`, `stream ${String(value)}`);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, entry]) => [name, this.named(entry, name)]),
    );
  }

  private nameOf(kind: string, value: unknown): string {
    const count = [...this.names.values()].filter((name) => name.startsWith(kind)).length;
    const name = this.names.get(value) ?? `${kind}-${count + 1}`;
    this.names.set(value, name);
    return name;
  }

  /** The server's message without what differs from run to run. */
  private steady(value: unknown, key = ''): unknown {
    if (Array.isArray(value)) return value.map((entry) => this.steady(entry));
    if (key === 'workMs' || key === 'milliseconds') return 1;
    if (key === 'remainingMs' || key === 'share') return null;
    if (key === 'job') return this.names.get(value);
    if (key === 'nonce') return '$server-nonce';
    if (key === 'proof') return this.knowsToken ? '$server-proof' : '$wrong-proof';
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, entry]) => [name, this.steady(entry, name)]),
    );
  }
}
