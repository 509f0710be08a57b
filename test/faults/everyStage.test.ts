import type { WebSocket } from 'ws';
import type { RunResult } from '../../plugin/core/bridge/bridge';
import { BridgeClient } from '../../plugin/core/bridge/bridgeClient';
import { isPspError } from '../../protocol/errors';
import {
  connectClient,
  grey,
  jobFor,
  listen,
  nodeRuntime,
  startTestServer,
  stopAll,
  type TestServer,
} from '../support/bridgeServer';
import { say } from './say';

/*
 * One job of two megabytes, and a fault after each frame of its conversation in turn, in either
 * direction: greeting, announcement, chunks, queue, progress, end, result, thanks.
 */
const job = jobFor('paced', { regions: [grey(700, 700)] });

afterEach(stopAll);

function expectNegative({ patches }: RunResult): void {
  const [sent] = job.regions;
  expect(patches[0]!.pixels.data.length).toBe(sent!.pixels.data.length);
  expect(patches[0]!.pixels.data[0]).toBe(255 - sent!.pixels.data[0]!);
}

/** A client of which every frame is counted; `onFrame` is called behind each. */
function countedClient(
  server: TestServer,
  onFrame: (frame: number, socket: WebSocket) => void,
): BridgeClient {
  let frames = 0;
  const runtime = nodeRuntime((socket) => {
    const send = socket.send.bind(socket) as (frame: string | Uint8Array) => void;
    Object.assign(socket, {
      send: (frame: string | Uint8Array) => {
        send(frame);
        onFrame(++frames, socket);
      },
    });
    socket.on('message', () => onFrame(++frames, socket));
  });
  return new BridgeClient(runtime, {
    url: server.url,
    client: { name: 'Counted', version: '0' },
    tokens: { load: async () => server.token, save: async () => undefined },
  });
}

/** @returns how many frames it took when nothing was in the way after `fault` */
async function runWith(
  server: TestServer,
  fault: number,
  strike: (socket: WebSocket) => void,
): Promise<{ struck: boolean; outcome: RunResult | unknown }> {
  let [struck, over] = [false, false];
  const client = countedClient(server, (frame, socket) => {
    // A frame that comes behind the end would strike when nobody waits for what that starts.
    if (frame !== fault || over) return;
    struck = true;
    strike(socket);
  });
  client.start();
  const run = client.run(job, listen());
  const outcome: unknown = await run.result.catch((error: unknown) => error);
  run.forget();
  over = true;
  client.stop();
  return { struck, outcome };
}

test('the connection cut after each frame: the result arrives all the same', async () => {
  const server = await startTestServer();
  let cuts = 0;
  for (let fault = 1; ; fault++) {
    const { struck, outcome } = await runWith(server, fault, (socket) => socket.terminate());
    if (isPspError(outcome)) throw outcome;
    expectNegative(outcome as RunResult);
    if (!struck) break;
    cuts += 1;
  }
  expect(cuts).toBeGreaterThan(12);
  say(`the connection cut at ${cuts} points of a job: 0 results lost`);
}, 120_000);

test('the inference process killed after each frame: the job says so or is done, nothing finished is lost', async () => {
  const server = await startTestServer();
  const witness = await connectClient(server);
  const finished = await new Promise<{ result: Promise<RunResult> }>((resolve) => {
    // Finished before all that follows, and fetched only behind it.
    const run = witness.run(job, listen());
    void run.result.then(() => resolve({ result: run.result }));
  });
  let [kills, failed] = [0, 0];
  for (let fault = 1; ; fault++) {
    const { struck, outcome } = await runWith(server, fault, () => {
      const pid = server.processorPid;
      if (pid !== undefined) process.kill(pid, 'SIGKILL');
    });
    if (isPspError(outcome)) {
      expect(['OUT_OF_MEMORY', 'INFERENCE_FAILED']).toContain(outcome.code);
      expect(outcome.retryable).toBe(true);
      failed += 1;
    } else {
      expectNegative(outcome as RunResult);
    }
    if (!struck) break;
    kills += 1;
  }
  expectNegative(await finished.result);
  expectNegative(await witness.run(job, listen()).result);
  say(
    `the inference process killed at ${kills} points of a job: ${failed} times the job said so, 0 times the server stopped`,
  );
}, 240_000);

test('the server stopped and started anew after each frame: the job is sent again', async () => {
  let server = await startTestServer();
  const { port, userFolder } = server;
  let stops = 0;
  for (let fault = 1; ; fault++) {
    let restarting: Promise<void> = Promise.resolve();
    const { struck, outcome } = await runWith(server, fault, () => {
      restarting = (async () => {
        await server.stop(0);
        server = await startTestServer({ port, userFolder });
      })();
    });
    await restarting;
    if (isPspError(outcome)) throw outcome;
    expectNegative(outcome as RunResult);
    if (!struck) break;
    stops += 1;
  }
  say(`the server stopped and started anew at ${stops} points of a job: 0 results lost`);
}, 240_000);
