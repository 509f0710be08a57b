import { JobQueue, type QueueLimits } from '../../../bridge-server/jobs/jobQueue';
import type { LayerPatch } from '../../../bridge-server/processor/job';
import type { Processor, RunOptions } from '../../../bridge-server/processor/processor';
import { PspError } from '../../../protocol/errors';
import type { ServerEvent } from '../../../protocol/events';
import type { Job } from '../../../protocol/job';
import { settled } from '../../support/manualTimers';

const limits: QueueLimits = {
  jobBytes: 100,
  jobsPerClient: 64,
  queuedBytes: 1000,
  resultBytes: 1000,
  resultMs: 1000,
};

const work: Job = { operation: 'reconstruct', model: null, parameters: {}, regions: [] };

function patchOf(bytes: number): LayerPatch {
  const empty = { width: 0, height: 0, data: new Uint8Array(0) };
  return {
    name: 'patch',
    space: { kind: 'document' },
    bounds: { left: 0, top: 0, right: 0, bottom: 0 },
    pixels: empty,
    mask: { ...empty, data: new Uint8Array(bytes) },
    faceNumber: null,
    variant: 1,
    seed: null,
    model: 'm',
    identity: null,
    placing: null,
    latents: { data: new Float32Array(0), shape: [0, 0] },
    source: { data: new Float32Array(0), shape: [0, 0] },
  };
}

/** A queue whose processor does what the test says, and whose clock the test turns. */
function setUp(changed: Partial<QueueLimits> = {}, provider = 'cpu') {
  const calls: (RunOptions & {
    end(bytes?: number): Promise<void>;
    fail(error: unknown): Promise<void>;
  })[] = [];
  const heard: string[] = [];
  const remaining: (number | null)[] = [];
  const shares: number[] = [];
  const clock = { now: 0 };
  const run: Processor['run'] = (_, options) =>
    new Promise((resolve, reject) => {
      calls.push({
        ...options,
        end: (bytes = 10) => {
          options.onPatch(patchOf(bytes));
          resolve([]);
          return settled();
        },
        fail: (error) => (reject(error as Error), settled()),
      });
    });
  const say = (client: string, { event, params }: ServerEvent): void => {
    if (event === 'progress') remaining.push(params.remainingMs);
    if (event === 'progress' && params.share !== null) shares.push(params.share);
    const job = 'job' in params ? params.job : '';
    const detail =
      event === 'queued'
        ? ` ${params.place}${params.waitsFor ? ` ${params.waitsFor}` : ''}`
        : event === 'failed'
          ? ` ${params.error.code}`
          : '';
    heard.push(`${client}${job} ${event}${detail}`);
  };
  const report = { provider, device: 'a device', passedOver: [] };
  const queue = new JobQueue(
    { run, report },
    { ...limits, ...changed },
    { notify: say, onEnd: () => undefined },
    () => clock.now,
  );
  const submit = (client: string, id: string, bytes = 1): void => {
    queue.open({ client, id, priority: 'interactive', bytes });
    queue.submit(client, id, work);
  };
  /** What was said since this was asked last. */
  const said = (): string[] => heard.splice(0);
  return { queue, calls, clock, remaining, shares, submit, said };
}

test('one runs, the others are told their places, and again when they move up', async () => {
  const { calls, submit, said } = setUp();
  submit('a', '1');
  submit('a', '2');
  submit('a', '3');
  submit('b', '1');
  expect(said()).toEqual([
    'a2 queued 1',
    'a3 queued 2',
    'b1 queued 1',
    'a2 queued 2',
    'a3 queued 3',
  ]);
  await calls[0]!.end();
  expect(said()).toEqual(['a1 finished', 'a2 queued 1', 'a3 queued 2']);
  expect(calls).toHaveLength(2);
});

test('a cancelled job is told at once, but the next waits for the network call to end', async () => {
  const { queue, calls, submit, said } = setUp();
  submit('a', '1');
  submit('a', '2');
  queue.cancel('a', '1');
  expect(calls[0]!.signal.aborted).toBe(true);
  expect(said()).toContain('a1 failed CANCELLED');
  calls[0]!.onProgress({ stage: 'decode', done: 1, total: 2 });
  expect(calls).toHaveLength(1);
  await calls[0]!.end();
  expect(calls).toHaveLength(2);
  expect(said()).not.toContain('a1 finished');
});

test('a result is kept for its time, fetched as often as wanted, and forgotten on demand', async () => {
  const { queue, calls, clock, submit } = setUp();
  submit('a', '1');
  submit('a', '2');
  await calls[0]!.end();
  await calls[1]!.end();
  expect(queue.result('a', '1').result.patches).toHaveLength(1);
  queue.markFetched('a', '1');
  expect(queue.result('a', '1').result.patches).toHaveLength(1);
  queue.forget('a', '1');
  expect(() => queue.result('a', '1')).toThrow(/knows no such job/);
  expect(() => queue.result('b', '2')).toThrow(/knows no such job/);
  clock.now = 1001;
  queue.forget('a', 'nothing');
  expect(() => queue.result('a', '2')).toThrow(/knows no such job/);
});

test('a full store lets fetched results go, keeps the others, and holds their owner back', async () => {
  const { queue, calls, submit, said } = setUp();
  submit('a', '1');
  await calls[0]!.end(900);
  queue.markFetched('a', '1');
  submit('a', '2');
  await calls[1]!.end(600);
  // 1,500 of 1,000: the fetched one went, the other stays and its owner waits.
  expect(() => queue.result('a', '1')).toThrow(/knows no such job/);
  submit('a', '3');
  submit('b', '1');
  expect(calls).toHaveLength(3);
  await calls[2]!.end(600);
  // 1,200 of 1,000 and nothing fetched: who has results there waits and is told so, nobody else does.
  submit('c', '1');
  expect(calls).toHaveLength(4);
  submit('b', '2');
  await calls[3]!.end(10);
  expect(calls).toHaveLength(4);
  expect(said().at(-1)).toBe('b2 queued 1 fetch');
  queue.markFetched('b', '1');
  expect(calls).toHaveLength(5);
  expect(queue.result('a', '2').result.patches).toHaveLength(1);
});

test('bytes reserved for an upload that has stopped are given to who asks for them', () => {
  const { queue, clock } = setUp({ jobBytes: 1000, queuedBytes: 1000 });
  const open = (client: string): AbortSignal =>
    queue.open({ client, id: '1', priority: 'batch', bytes: 600 });
  const stopped = open('a');
  queue.received('a', '1', 1);
  expect(() => open('b')).toThrow(/fill the bridge server/);
  clock.now = 3000;
  open('b');
  expect(stopped.reason).toMatchObject({ code: 'BUSY', retryable: true });
  queue.abandon('a', '1');
});

test('cancels of jobs that never come are forgotten in the end', () => {
  const { queue, clock } = setUp();
  for (let i = 0; i < 1000; i++) queue.cancel('a', String(i));
  expect(() => queue.status('a', '0')).toThrow(/knows no such job/);
  expect(queue.status('a', '999')).toMatchObject({ state: 'failed' });
  clock.now = 1001;
  queue.forget('a', '0');
  expect(() => queue.status('a', '999')).toThrow(/knows no such job/);
});

test('the time left comes from what the stages of earlier jobs cost; late jobs go by their own pace', async () => {
  const { calls, clock, remaining, shares, submit } = setUp();
  submit('a', '1');
  calls[0]!.onProgress({ stage: 'encode', done: 0, total: 4 });
  clock.now = 300;
  calls[0]!.onProgress({ stage: 'decode', done: 1, total: 4 });
  clock.now = 350;
  calls[0]!.onProgress({ stage: 'decode', done: 2, total: 4 });
  // Of the first of its kind half must be done before anything is said.
  expect(remaining.splice(0)).toEqual([null, null, 350]);
  clock.now = 400;
  await calls[0]!.end();

  submit('a', '2');
  calls[1]!.onProgress({ stage: 'encode', done: 0, total: 4 });
  // Encoding is three quarters of the work, though one step of four.
  clock.now = 700;
  calls[1]!.onProgress({ stage: 'decode', done: 1, total: 4 });
  clock.now = 1100;
  calls[1]!.onProgress({ stage: 'decode', done: 2, total: 4 });
  expect(remaining).toEqual([400, 100, 100]);
  expect(shares).toEqual([0, 0.75, 0.875]);
});

test('a failure carries its reason, and what nobody foresaw is INTERNAL', async () => {
  const { queue, calls, submit, said } = setUp();
  submit('a', '1');
  submit('a', '2');
  await calls[0]!.fail(new PspError('NO_FACE', 'There is none.'));
  await calls[1]!.fail(new TypeError('oops'));
  expect(said()).toEqual(expect.arrayContaining(['a1 failed NO_FACE', 'a2 failed INTERNAL']));
  expect(() => queue.result('a', '1')).toThrow('There is none.');
});

describe('where an inference server runs the networks', () => {
  const onServer = (changed: Partial<QueueLimits> = {}) => setUp(changed, 'remote');

  test('some run at once, and who asks with one job has the next turn, not the seventeenth', async () => {
    const { queue, calls, submit, said } = onServer();
    for (let i = 0; i < 16; i++) submit('a', String(i));
    expect(calls).toHaveLength(4);
    expect(queue.counts).toEqual({ waiting: 12, running: 4, finished: 0 });
    said();
    submit('b', '0');
    // As many go before it as run; the others of a move back.
    expect(said()[0]).toBe('b0 queued 4');
    await calls[2]!.end();
    calls[4]!.onProgress({ stage: 'encode', done: 0, total: 1 });
    expect(said()).toEqual(expect.arrayContaining(['a2 finished', 'b0 progress']));
    for (let i = 0; i < 8; i++) submit('b', `more ${i}`);
    // From here on they take turns.
    for (const i of [0, 1, 3, 4]) await calls[i]!.end();
    for (const call of calls.slice(5)) call.onProgress({ stage: 'encode', done: 0, total: 1 });
    expect(said().filter((line) => line.endsWith('progress'))).toEqual([
      'a4 progress',
      'bmore 0 progress',
      'a5 progress',
      'bmore 1 progress',
    ]);
  });

  test('each has its own progress, glimpse and result, in whatever order they end', async () => {
    const { queue, calls, submit, said } = onServer();
    submit('a', '1');
    submit('a', '2');
    submit('b', '1');
    calls[2]!.onProgress({ stage: 'encode', done: 0, total: 1 });
    calls[1]!.onGlimpse?.({ width: 1, height: 1, data: new Uint8Array(4) });
    expect(said()).toEqual(['b1 progress']);
    expect(queue.glimpse('a', '1')).toBeNull();
    expect(queue.glimpse('a', '2')).not.toBeNull();
    await calls[2]!.end(30);
    await calls[1]!.end(20);
    expect(said()).toEqual(['b1 finished', 'a2 finished']);
    const bytesOf = (client: string, id: string): number =>
      queue.result(client, id).result.patches[0]!.mask.data.length;
    expect([bytesOf('b', '1'), bytesOf('a', '2')]).toEqual([30, 20]);
    expect(queue.status('a', '1')).toEqual({ state: 'running' });
  });

  test('a cancel leaves the others alone, and its place is free when its work has ended', async () => {
    const { queue, calls, submit, said } = onServer();
    for (const id of ['1', '2', '3', '4', '5']) submit('a', id);
    said();
    queue.cancel('a', '2');
    expect(calls.map(({ signal }) => signal.aborted)).toEqual([false, true, false, false]);
    expect(said()).toEqual(['a2 failed CANCELLED']);
    await calls[1]!.fail(new PspError('CANCELLED', 'The job was cancelled.'));
    expect(calls).toHaveLength(5);
    for (const i of [0, 2, 3, 4]) await calls[i]!.end();
    expect(said()).toEqual(['a1 finished', 'a3 finished', 'a4 finished', 'a5 finished']);
  });

  test('all that were in the inference process fail with it, those that waited run in the next', async () => {
    const { calls, submit, said } = onServer();
    for (const id of ['1', '2', '3', '4', '5', '6']) submit('a', id);
    said();
    const death = new PspError('OUT_OF_MEMORY', 'It was ended.', { retryable: true });
    await Promise.all(calls.slice(0, 4).map((call) => call.fail(death)));
    expect(said()).toEqual(
      expect.arrayContaining(['1', '2', '3', '4'].map((id) => `a${id} failed OUT_OF_MEMORY`)),
    );
    await Promise.all(calls.slice(4).map((call) => call.end()));
    expect(said()).toEqual(['a5 finished', 'a6 finished']);
  });

  test('closing lets all that run end', async () => {
    const { queue, calls, submit, said } = onServer();
    for (const id of ['1', '2']) submit('a', id);
    const closed = queue.close(60_000);
    await calls[0]!.end();
    queue.markFetched('a', '1');
    expect(queue.status('a', '2')).toEqual({ state: 'running' });
    await calls[1]!.end();
    queue.markFetched('a', '2');
    await closed;
    expect(said()).toEqual(['a1 finished', 'a2 finished']);
  });
});
