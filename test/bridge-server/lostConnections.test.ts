import type { WebSocket } from 'ws';
import type { BridgeClient } from '../../plugin/core/bridge/bridgeClient';
import {
  connectClient,
  grey,
  jobFor,
  listen,
  nodeRuntime,
  startTestServer,
  stopAll,
  until,
  type TestServer,
} from '../support/bridgeServer';

let server: TestServer;
let client: BridgeClient;
let socket: WebSocket;
/** Called with every socket that the client opens. */
let onSocket: (socket: WebSocket) => void = () => undefined;

beforeAll(async () => {
  server = await startTestServer();
});
beforeEach(async () => {
  onSocket = () => undefined;
  const runtime = nodeRuntime((opened) => {
    socket = opened;
    onSocket(opened);
  });
  client = await connectClient(server, runtime);
});
afterEach(() => client.stop());
afterAll(stopAll);

const big = { ...grey(1200, 1200) };

async function expectNegative(result: ReturnType<BridgeClient['run']>['result']): Promise<void> {
  const [patch] = (await result).patches;
  expect(patch!.pixels.data[0]).toBe(255 - big.pixels.data[0]!);
  expect(patch!.pixels.data.length).toBe(big.pixels.data.length);
}

test('cut while the pixels travel: the job is sent again', async () => {
  const run = client.run(jobFor('plain', { regions: [big] }), listen());
  socket.terminate();
  await expectNegative(run.result);
});

test('cut while the job waits', async () => {
  const other = await connectClient(server);
  const blocking = listen();
  const blocker = other.run(jobFor('hang'), blocking);
  await blocking.started;
  let onQueued: () => void;
  const queued = new Promise<void>((resolve) => (onQueued = resolve));
  const events = { ...listen(), onQueued: () => onQueued() };
  const run = client.run(jobFor('plain', { regions: [big] }), events);
  await queued;
  socket.terminate();
  await until(client, 'not-running');
  await until(client, 'ready');
  blocker.cancel();
  await expectNegative(run.result);
});

test('cut while the job runs: it ends meanwhile and its result waits', async () => {
  const events = listen();
  const run = client.run(jobFor('paced', { regions: [big] }), events);
  await events.started;
  socket.terminate();
  await expectNegative(run.result);
});

test('cut while the result travels: it is fetched again', async () => {
  let cut = false;
  socket.on('message', (_: unknown, isBinary: boolean) => {
    if (isBinary && !cut) {
      cut = true;
      socket.terminate();
    }
  });
  await expectNegative(client.run(jobFor('plain', { regions: [big] }), listen()).result);
  expect(cut).toBe(true);
});

test('a job cancelled while there is no connection is cancelled when it is back', async () => {
  const events = listen();
  const run = client.run(jobFor('hang'), events);
  await events.started;
  socket.terminate();
  await until(client, 'not-running');
  run.cancel();
  await expect(run.result).rejects.toMatchObject({ code: 'CANCELLED' });
  // The queue is free again, or this would wait for ever.
  await client.run(jobFor('plain'), listen()).result.catch(() => undefined);
  await until(client, 'ready');
  await client.run(jobFor('plain'), listen()).result;
});

test('a server that was started anew gets the job again', async () => {
  const first = await startTestServer();
  const { port } = first;
  const moving = await connectClient(first);
  const events = listen();
  const run = moving.run(jobFor('paced', { regions: [big] }), events);
  await events.started;
  await first.stop(0);
  await startTestServer({ port, userFolder: first.userFolder });
  await expectNegative(run.result);
});
