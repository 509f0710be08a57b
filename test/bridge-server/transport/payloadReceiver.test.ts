import { PayloadReceiver } from '../../../bridge-server/transport/payloadReceiver';
import { encodeChunk, encodeChunks, maxChunkBytes } from '../../../protocol/chunk';
import { PspError } from '../../../protocol/errors';

const never = new AbortController().signal;

function setUp() {
  const flow: string[] = [];
  const receiver = new PayloadReceiver(
    { pause: () => flow.push('pause'), resume: () => flow.push('resume') },
    60_000,
    () => undefined,
  );
  return { receiver, flow };
}

const payload = Uint8Array.from({ length: 2 * maxChunkBytes + 7 }, (_, i) => i % 253);

test('payloads that interleave come out whole', async () => {
  const { receiver } = setUp();
  receiver.announce([1, 2]);
  const both = [
    receiver.receive(1, payload.length, never),
    receiver.receive(2, payload.length, never),
  ];
  const [first, second] = [[...encodeChunks(1, payload)], [...encodeChunks(2, payload)]];
  for (let i = 0; i < first.length; i++) {
    receiver.accept(first[i]!);
    receiver.accept(second[i]!);
  }
  for (const received of await Promise.all(both)) {
    expect(Buffer.compare(received, payload)).toBe(0);
  }
});

test('a slow disk makes the peer wait, and gets the chunks one after the other', async () => {
  const { receiver, flow } = setUp();
  receiver.announce([1]);
  const written: number[] = [];
  let release: (() => void)[] = [];
  const end = receiver.receiveInto(1, payload.length, never, (_, offset) => {
    written.push(offset);
    return new Promise((resolve) => release.push(resolve));
  });
  for (const chunk of encodeChunks(1, payload)) receiver.accept(chunk);
  for (let i = 0; i < 3; i++) {
    expect(written).toHaveLength(i + 1);
    expect(flow).not.toContain('resume');
    release.shift()!();
    await new Promise((resolve) => setImmediate(resolve));
  }
  await end;
  expect(written).toEqual([0, maxChunkBytes, 2 * maxChunkBytes]);
  expect(flow.at(-1)).toBe('resume');
  release = [];
});

test('chunks of a cancelled payload are dropped; its wait ends with the reason', async () => {
  const { receiver } = setUp();
  const abort = new AbortController();
  receiver.announce([1]);
  const wait = receiver.receive(1, 10, abort.signal);
  abort.abort(new PspError('CANCELLED', 'The job was cancelled.'));
  await expect(wait).rejects.toMatchObject({ code: 'CANCELLED' });
  receiver.accept(encodeChunk(1, new Uint8Array(10), 0));
});

test.each([
  ['a stream that nobody announced', encodeChunk(2, new Uint8Array(10), 0), 'never announced'],
  ['a gap', encodeChunk(1, new Uint8Array(10), 4), 'stands at 0 of 10 bytes'],
  ['another length', encodeChunk(1, new Uint8Array(11), 0), 'a chunk for 0 of 11 cannot follow'],
])('%s is a breach', (_, frame, words) => {
  const { receiver } = setUp();
  receiver.announce([1]);
  receiver.receive(1, 10, never).catch(() => undefined);
  expect(() => receiver.accept(frame)).toThrow(words);
  receiver.close(new PspError('CONNECTION_LOST', ''));
});

test('a stream number cannot be used again', () => {
  const { receiver } = setUp();
  receiver.announce([3, 4]);
  expect(() => receiver.announce([4])).toThrow('after 4, 4 cannot be announced');
  expect(() => receiver.announce([5, 5])).toThrow('5, 5 cannot be announced');
});
