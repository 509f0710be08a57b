import type { Region } from '../../protocol/job';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { WebSocket } from 'ws';
import { startServer, type RunningServer, type ServeOptions } from '../../bridge-server/serve';
import { ensureToken } from '../../bridge-server/pairing/token';
import type { ModelStorage } from '../../bridge-server/service/modelHandlers';
import type { RunEvents, RunRequest } from '../../plugin/core/bridge/bridge';
import { BridgeClient } from '../../plugin/core/bridge/bridgeClient';
import type { BridgeClientOptions } from '../../plugin/core/bridge/connection';
import type { BridgeRuntime, SocketLike } from '../../plugin/core/bridge/runtime';
import type { FakeModel } from './fakeProcessor';

export interface TestServer extends RunningServer {
  readonly url: string;
  readonly token: string;
  readonly userFolder: string;
  /** An address that opens the page, paired. */
  pageUrl(): string;
  /** A fresh code to type. */
  pairingCode(): string;
}

const servers: TestServer[] = [];
const clients: BridgeClient[] = [];

/** Ends everything that a test file started; call it in `afterEach` or `afterAll`. */
export async function stopAll(): Promise<void> {
  for (const client of clients.splice(0)) client.stop();
  await Promise.all(servers.splice(0).map(stopServer));
}

async function stopServer(server: TestServer): Promise<void> {
  await server.stop(0);
  rmSync(server.userFolder, { recursive: true, force: true });
}

const noStorage: ModelStorage = {
  createUpload: () => Promise.reject(new Error('not in this test')),
  importFile: () => Promise.reject(new Error('not in this test')),
  remove: () => Promise.reject(new Error('not in this test')),
};

/** The real server on any free port, with the fake processor in its child process. */
export async function startTestServer(options: Partial<ServeOptions> = {}): Promise<TestServer> {
  const userFolder = options.userFolder ?? mkdtempSync(join(tmpdir(), 'psp-layers-test-'));
  const running = await startServer({
    version: '0.0.0-test',
    userFolder,
    storage: noStorage,
    installPlugIn: () => Promise.reject(new Error('not in this test')),
    log: pino({ level: 'silent' }),
    port: 0,
    processorEntry: join(__dirname, 'fakeProcessor.main.js'),
    ...options,
  });
  const server: TestServer = Object.create(running, {
    url: { value: `ws://localhost:${running.port}/` },
    token: { value: await ensureToken(userFolder) },
    userFolder: { value: userFolder },
    pageUrl: { value: () => running.invite().pageUrl },
    pairingCode: { value: () => running.invite().pairingCode },
  });
  servers.push(server);
  return server;
}

export const randomName = (): string => randomBytes(12).toString('hex');

/** Node as a runtime of the reference client; `onSocket` sees every socket that it opens. */
export function nodeRuntime(
  onSocket: (socket: WebSocket) => void = () => undefined,
): BridgeRuntime {
  return {
    openSocket(url) {
      const socket = new WebSocket(url);
      onSocket(socket);
      return socket as SocketLike;
    },
    timers: {
      now: () => performance.now(),
      after(milliseconds, callback) {
        const timer = setTimeout(callback, milliseconds);
        return () => clearTimeout(timer);
      },
    },
    randomName,
  };
}

/** A reference client that is ready. */
export async function connectClient(
  server: Pick<TestServer, 'url' | 'token'>,
  runtime: BridgeRuntime = nodeRuntime(),
  more: Partial<BridgeClientOptions> = {},
): Promise<BridgeClient> {
  const client = new BridgeClient(runtime, {
    url: server.url,
    client: { name: 'Test', version: '0.0.0' },
    tokens: { load: async () => server.token, save: async () => undefined },
    ...more,
  });
  clients.push(client);
  client.start();
  await until(client, 'ready');
  return client;
}

/** Waits for a state of the connection. */
export function until(
  client: BridgeClient,
  kind: BridgeClient['state']['value']['kind'],
): Promise<void> {
  return new Promise((resolve) => {
    if (client.state.value.kind === kind) return resolve();
    const stop = client.state.subscribe((state) => {
      if (state.kind !== kind) return;
      stop();
      resolve();
    });
  });
}

export function grey(width: number, height: number, depth: 8 | 16 = 8): Region {
  const length = width * height * 4;
  const data = depth === 8 ? new Uint8Array(length) : new Uint16Array(length);
  return {
    bounds: { left: -2, top: 3, right: width - 2, bottom: height + 3 },
    pixels: { width, height, data: data.map((_, i) => (i * 37) % (depth === 8 ? 256 : 65536)) },
    face: null,
    faceNumber: null,
    hole: null,
    latents: null,
  };
}

export const jobFor = (model: FakeModel, request: Partial<RunRequest> = {}): RunRequest => ({
  operation: 'reconstruct',
  model,
  parameters: {},
  priority: 'interactive',
  regions: [grey(8, 8)],
  ...request,
});

/** Events of a run that can be waited for. */
export function listen(): RunEvents & {
  readonly started: Promise<void>;
  readonly places: readonly number[];
} {
  const places: number[] = [];
  let onStarted: () => void;
  const started = new Promise<void>((resolve) => (onStarted = resolve));
  return {
    started,
    places,
    onSending: () => undefined,
    onQueued: (place) => void places.push(place),
    onProgress: () => onStarted(),
  };
}
