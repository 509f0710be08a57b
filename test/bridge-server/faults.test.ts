import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { WebSocket } from 'ws';
import { encodeChunk } from '../../protocol/chunk';
import { announcedByFetch } from '../../plugin/core/bridge/messages';
import {
  connectClient,
  grey,
  jobFor,
  listen,
  randomName,
  startTestServer,
  stopAll,
} from '../support/bridgeServer';
import { codeOf, openPeer, openSocket } from '../support/rawPeer';

afterEach(stopAll);

describe('the inference process', () => {
  test.each([
    ['crash', 'INFERENCE_FAILED', 'ended by SIGSEGV'],
    ['starve', 'OUT_OF_MEMORY', 'want of memory'],
    ['break', 'INTERNAL', 'x is not a function'],
    ['refuse', 'BAD_INPUT', 'Give it another'],
  ] as const)(
    '%s is one failed job with its reason; the queue goes on',
    async (model, code, words) => {
      const server = await startTestServer();
      const client = await connectClient(server);
      const failing = client.run(jobFor(model), listen());
      const next = client.run(jobFor('plain'), listen());
      await expect(failing.result).rejects.toMatchObject({
        code,
        message: expect.stringContaining(words),
      });
      expect((await next.result).patches).toHaveLength(1);
    },
  );

  const onLinux = process.platform === 'linux' ? test : test.skip;

  onLinux('one that ends while others wait for it is followed by one, not two', async () => {
    const server = await startTestServer();
    const client = await connectClient(server);
    const children = (): string[] =>
      readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8')
        .trim()
        .split(' ')
        .filter((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('fakeProcessor'));
    for (let i = 0; i < 5; i++) {
      const crashing = client.run(jobFor('crash'), listen());
      const next = client.run(jobFor('plain'), listen());
      await expect(crashing.result).rejects.toMatchObject({ code: 'INFERENCE_FAILED' });
      await next.result;
    }
    expect(children()).toEqual([String(server.processorPid)]);
  });

  test('killed from outside, mid-job, with faces being searched', async () => {
    const server = await startTestServer();
    const client = await connectClient(server);
    const events = listen();
    const run = client.run(jobFor('hang'), events);
    const next = client.run(jobFor('plain'), listen());
    await events.started;
    process.kill(server.processorPid!, 'SIGTERM');
    await expect(run.result).rejects.toMatchObject({ code: 'INFERENCE_FAILED', retryable: true });
    expect((await next.result).patches).toHaveLength(1);
    expect(await client.findFaces(grey(32, 32).pixels)).toHaveLength(1);
  });
});

describe('hostile frames', () => {
  const frame = JSON.stringify({ id: 2, method: 'status', params: { job: 'abcdefghijklmnop' } });

  test('before hello: nothing is answered but a goodbye', async () => {
    const server = await startTestServer();
    for (const sent of [frame, 'not json', encodeChunk(1, Uint8Array.of(1), 0)]) {
      const socket = await openSocket(server);
      socket.send(sent);
      const [code] = (await once(socket, 'close')) as [number];
      expect([4400, 4401]).toContain(code);
    }
  });

  test('a frame over the limit ends only its own connection', async () => {
    const server = await startTestServer();
    const socket = await openSocket(server);
    socket.on('error', () => undefined);
    socket.send(new Uint8Array(1024 * 1024 + 1));
    expect((await once(socket, 'close'))[0]).toBe(1009);
    await connectClient(server);
  });
});

test('the silent are let go: no hello, no chunks', async () => {
  const server = await startTestServer({ timeouts: { helloMs: 50, payloadMs: 50 } });
  const mute = await openSocket(server);
  await once(mute, 'close');
  const peer = await openPeer(server);
  const { message } = peer.pack(randomName(), jobFor('plain'));
  expect(await codeOf(peer.channel.ask('run', message))).toBe('BAD_MESSAGE');
  expect((await peer.closed).message).toBe('No data came within 0.05 seconds. Connect again.');
});

test('a clock that jumps by two hours drops nobody', async () => {
  const server = await startTestServer({ timeouts: { silenceMs: 1500 } });
  const peer = await openPeer(server);
  const jumped = Date.now() + 2 * 3600_000;
  const clock = jest.spyOn(Date, 'now').mockImplementation(() => jumped);
  try {
    for (let pulse = 0; pulse < 4; pulse++) await once(peer.socket, 'ping');
    expect(peer.socket.readyState).toBe(peer.socket.OPEN);
  } finally {
    clock.mockRestore();
    peer.socket.terminate();
  }
});

test('a client that never reads is let go, its finished result stays, others are served', async () => {
  const server = await startTestServer({ timeouts: { silenceMs: 1500 } });
  const instance = randomName();
  const peer = await openPeer(server, instance);
  const job = randomName();
  await peer.run(job, jobFor('heavy'));
  await peer.event('finished', job);
  peer.channel.ask('fetch', { job }).catch(() => undefined);
  peer.socket.pause();
  const other = await connectClient(server);
  expect((await other.run(jobFor('plain'), listen()).result).patches).toHaveLength(1);
  while ((await health(server.port)).connections > 1) await once(await openAndClose(), 'close');

  const back = await openPeer(server, instance);
  const { result, payload } = await back.channel.ask('fetch', { job }, [], announcedByFetch);
  expect(payload(result.patches[0]!.pixels.stream).length).toBe(2048 * 2048 * 4);
  peer.socket.terminate();
  back.socket.terminate();

  async function openAndClose(): Promise<WebSocket> {
    const socket = await openSocket(server);
    socket.close();
    return socket;
  }
});

test('a client that asks faster than it reads is told to read first', async () => {
  const server = await startTestServer({ limits: { resultBytes: 1000 } });
  const peer = await openPeer(server);
  const job = randomName();
  await peer.run(job, jobFor('heavy'));
  await peer.event('finished', job);
  const fetch = () => peer.channel.ask('fetch', { job }, [], announcedByFetch);
  peer.socket.pause();
  const [first, second, status] = [fetch(), codeOf(fetch()), peer.channel.ask('status', { job })];
  peer.socket.resume();
  expect(await second).toBe('BUSY');
  expect((await status).result).toMatchObject({ state: 'finished' });
  expect((await first).result.patches).toHaveLength(1);
  peer.socket.terminate();
});

async function health(port: number): Promise<{ connections: number }> {
  const response = await fetch(`http://127.0.0.1:${port}/health`);
  return (await response.json()) as { connections: number };
}

test('50 clients at once, each with jobs of its own, each gets its own results', async () => {
  const server = await startTestServer();
  const clients = await Promise.all(Array.from({ length: 50 }, () => connectClient(server)));
  const results = await Promise.all(
    clients.map((client, i) => {
      const region = { ...grey(8 + i, 8 + i) };
      return client.run(jobFor('plain', { regions: [region] }), listen()).result;
    }),
  );
  expect(results.map(({ patches }) => patches[0]!.pixels.width)).toEqual(
    clients.map((_, i) => 8 + i),
  );
}, 20_000);

test('one connection too many is refused in words', async () => {
  const server = await startTestServer({ limits: { connections: 1 } });
  const first = await openPeer(server);
  await expect(openSocket(server)).rejects.toThrow('503');
  first.socket.terminate();
});

test('a full result store loses nothing: jobs wait until results are fetched', async () => {
  // Room for less than two heavy results.
  const server = await startTestServer({ limits: { resultBytes: 24 * 2 ** 20 } });
  const peer = await openPeer(server);
  const jobs = [randomName(), randomName(), randomName()];
  for (const job of jobs) await peer.run(job, jobFor('heavy'));
  await peer.event('finished', jobs[0]);
  for (const [index, job] of jobs.entries()) {
    await peer.event('finished', job);
    const state = peer.channel.ask('status', { job: jobs[index + 1] ?? job });
    // More than a quarter of the room is this client's: its next job waits.
    expect((await state).result.state).toBe(index < 2 ? 'waiting' : 'finished');
    const { result, payload } = await peer.channel.ask('fetch', { job }, [], announcedByFetch);
    expect(payload(result.patches[0]!.mask.stream).length).toBe(2048 * 2048);
  }
  peer.socket.terminate();
});

test('a result that was sent and never arrived is not let go for room', async () => {
  const server = await startTestServer({ limits: { resultBytes: 24 * 2 ** 20 } });
  const instance = randomName();
  const peer = await openPeer(server, instance);
  const job = randomName();
  await peer.run(job, jobFor('heavy'));
  await peer.event('finished', job);
  // Everything leaves the server; the client is gone before it has read the last of it.
  const arrived = new Promise<void>((resolve) => {
    let bytes = 0;
    peer.socket.on('message', (frame: ArrayBuffer, isBinary: boolean) => {
      bytes += isBinary ? frame.byteLength : 0;
      if (bytes > 12 * 2 ** 20) peer.socket.pause();
      if (bytes > 12 * 2 ** 20) resolve();
    });
  });
  peer.channel.ask('fetch', { job }, [], announcedByFetch).catch(() => undefined);
  await arrived;
  peer.socket.terminate();

  const other = await openPeer(server);
  for (const next of [randomName(), randomName()]) {
    await other.run(next, jobFor('heavy'));
    await other.event('finished', next);
    await other.channel.ask('fetch', { job: next }, [], announcedByFetch);
    await other.channel.ask('forget', { job: next });
  }
  const back = await openPeer(server, instance);
  const { result, payload } = await back.channel.ask('fetch', { job }, [], announcedByFetch);
  expect(payload(result.patches[0]!.pixels.stream).length).toBe(2048 * 2048 * 4);
  for (const { socket } of [other, back]) socket.terminate();
});

test('a process that owes an answer and is silent is ended; the queue goes on', async () => {
  const server = await startTestServer({ silenceMs: 8000 });
  const client = await connectClient(server);
  const hanging = client.run(jobFor('deaf'), listen());
  const next = client.run(jobFor('plain'), listen());
  await expect(hanging.result).rejects.toMatchObject({
    code: 'INFERENCE_FAILED',
    message: expect.stringContaining('no sign of life'),
  });
  expect((await next.result).patches).toHaveLength(1);
});

test('face searches of one client delay no other for long, and end when they are not wanted', async () => {
  const server = await startTestServer();
  const [busy, other] = await Promise.all([openPeer(server), connectClient(server)]);
  const search = (job: string, side: number): Promise<unknown> => {
    const stream = busy.channel.nextStream();
    const size = { width: side, height: side };
    const preview = { ...size, depth: 8, stream, opaque: undefined } as const;
    const pixels = [{ stream, bytes: new Uint8Array(side * side * 4) }];
    return busy.channel.ask('find-faces', { job, preview, documentScale: 1 }, pixels);
  };
  // The fake looks at a preview of 1000 pixels for ever, until it is cancelled.
  const endless = randomName();
  const first = codeOf(search(endless, 1000));
  const waiting = randomName();
  const second = codeOf(search(waiting, 32));
  await busy.channel.ask('cancel', { job: waiting });
  expect(await second).toBe('CANCELLED');
  expect((await other.run(jobFor('plain'), listen()).result).patches).toHaveLength(1);
  await busy.channel.ask('cancel', { job: endless });
  expect(await first).toBe('CANCELLED');
  expect(await other.findFaces(grey(32, 32).pixels)).toHaveLength(1);
  // Nobody waits for the answers of a client that has gone.
  void search(randomName(), 1000).catch(() => undefined);
  await busy.channel.ask('status', { job: randomName() }).catch(() => undefined);
  busy.socket.terminate();
  expect(await other.findFaces(grey(32, 32).pixels)).toHaveLength(1);
});

test('limits are checked before anything is allocated', async () => {
  const server = await startTestServer({
    limits: { jobBytes: 1000, queuedBytes: 1500, regionPixels: 5000, jobsPerClient: 2 },
  });
  const peer = await openPeer(server);
  const run = (width: number) =>
    codeOf(peer.run(randomName(), jobFor('hang', { regions: [grey(width, 10)] })));
  expect(await run(501)).toBe('TOO_LARGE'); // pixels of a region
  expect(await run(26)).toBe('TOO_LARGE'); // bytes of a job
  expect(await run(25)).toBe('none');
  expect(await run(25)).toBe('BUSY'); // bytes of the queue
  expect(await run(1)).toBe('none');
  expect(await run(1)).toBe('BUSY'); // jobs of the client
  peer.socket.terminate();
});

test('stopping hands waiting jobs back and lets the running one be fetched', async () => {
  const server = await startTestServer();
  const peer = await openPeer(server);
  const [first, second] = [randomName(), randomName()];
  await peer.run(first, jobFor('paced'));
  await peer.run(second, jobFor('plain'));
  await peer.event('progress', first);
  const stopped = server.stop(5000);
  expect((await peer.event('failed', second)).params.error).toMatchObject({
    code: 'CONNECTION_LOST',
    retryable: true,
  });
  await peer.event('finished', first);
  const { result } = await peer.channel.ask('fetch', { job: first }, [], announcedByFetch);
  expect(result.patches).toHaveLength(1);
  await stopped;
  expect((await peer.closed).message).toContain('was stopped');
});
