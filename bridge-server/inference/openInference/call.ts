import * as http from 'node:http';
import * as https from 'node:https';
import { headerLengthField, roomFor } from './message';

export interface ServerAddress {
  /** "http://render-01:8000" or "https://…", without a path of its own or with one. */
  readonly url: URL;
  /** Sent with every request: a key, as a rule. Never logged. */
  readonly headers: Readonly<Record<string, string>>;
  /** A certificate authority's certificates, PEM; the system's where there are none. */
  readonly ca?: string | undefined;
}

export interface Answer {
  readonly status: number;
  readonly body: Uint8Array;
  /** `null` where the body has no binary part. */
  readonly headerLength: number | null;
}

export interface Request {
  readonly method: 'GET' | 'POST';
  /** Below the address, "/v2/…". */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string | number>>;
  readonly parts?: readonly Uint8Array[];
}

export interface Caller {
  /** Rejects with the system's error when the connection fails or `signal` is aborted. */
  call(request: Request, signal: AbortSignal): Promise<Answer>;
  close(): void;
}

/** Connections kept open to one server: a call costs no new one. `fetch` takes three times as long. */
export function createCaller(server: ServerAddress, connections: number): Caller {
  const secure = server.url.protocol === 'https:';
  const options = { keepAlive: true, maxSockets: connections };
  const agent = secure
    ? new https.Agent({ ...options, ...(server.ca ? { ca: server.ca } : {}) })
    : new http.Agent(options);
  const base = server.url.pathname.replace(/\/$/, '');

  return {
    call({ method, path, headers = {}, parts = [] }, signal) {
      return new Promise((resolve, reject) => {
        const request = (secure ? https : http).request(
          server.url,
          {
            method,
            path: base + path,
            agent,
            signal,
            headers: { ...server.headers, ...headers },
          },
          (response) => void receive(response).then(resolve, reject),
        );
        // After a refusal that came while the body was still being sent this changes nothing any more.
        request.on('error', reject);
        for (const part of parts) request.write(part);
        request.end();
      });
    },
    close: () => agent.destroy(),
  };
}

async function receive(response: http.IncomingMessage): Promise<Answer> {
  const length = Number(response.headers['content-length'] ?? NaN);
  const told = response.headers[headerLengthField];
  const headerLength = told === undefined ? null : Number(told);
  const body = Number.isFinite(length)
    ? await intoRoom(response, roomFor(length, headerLength))
    : await gathered(response, headerLength);
  return { status: response.statusCode ?? 0, body, headerLength };
}

async function intoRoom(response: http.IncomingMessage, room: Uint8Array): Promise<Uint8Array> {
  let at = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    if (at + chunk.byteLength > room.byteLength) throw cutOff();
    room.set(chunk, at);
    at += chunk.byteLength;
  }
  if (at !== room.byteLength) throw cutOff();
  return room;
}

async function gathered(
  response: http.IncomingMessage,
  headerLength: number | null,
): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk);
  const length = chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0);
  const room = roomFor(length, headerLength);
  let at = 0;
  for (const chunk of chunks) {
    room.set(chunk, at);
    at += chunk.byteLength;
  }
  return room;
}

const cutOff = (): Error => Object.assign(new Error('the answer was cut off'), { code: 'ECUTOFF' });
