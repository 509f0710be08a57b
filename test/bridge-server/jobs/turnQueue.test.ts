import { TurnQueue } from '../../../bridge-server/jobs/turnQueue';
import { settled } from '../../support/manualTimers';

function setUp(queuedBytes = 1000) {
  const queue = new TurnQueue({ queuedBytes }, 'previews');
  const working: string[] = [];
  const ends = new Map<string, () => void>();
  const search = (client: string, id: string, bytes = 10) => {
    const opened = queue.open(client, id, bytes);
    const work = () =>
      new Promise<void>((resolve) => {
        working.push(`${client}${id}`);
        ends.set(`${client}${id}`, resolve);
      });
    const result = opened.run(work).finally(() => opened.close());
    result.catch(() => undefined);
    return result;
  };
  return { queue, working, end: (name: string) => (ends.get(name)!(), settled()), search };
}

test('one works at a time, and clients take turns', async () => {
  const { working, end, search } = setUp();
  for (const id of ['1', '2', '3']) void search('a', id);
  void search('b', '1');
  await settled();
  expect(working).toEqual(['a1']);
  await end('a1');
  await end('b1');
  await end('a2');
  expect(working).toEqual(['a1', 'b1', 'a2', 'a3']);
});

test('a search can be cancelled while it waits, and by its client alone', async () => {
  const { queue, working, end, search } = setUp();
  void search('a', '1');
  const second = search('a', '2');
  expect(queue.cancel('b', '2')).toBe(false);
  expect(queue.cancel('a', '2')).toBe(true);
  await expect(second).rejects.toMatchObject({ code: 'CANCELLED' });
  await end('a1');
  expect(working).toEqual(['a1']);
});

test('previews and their number are bounded', async () => {
  const { queue, search } = setUp(100);
  void search('a', '1', 90);
  expect(() => queue.open('b', '1', 20)).toThrow(/Too many previews/);
  const many = setUp();
  for (let i = 0; i < 16; i++) many.queue.open('a', String(i), 1);
  expect(() => many.queue.open('a', '17', 1)).toThrow(/Too many previews/);
  many.queue.open('b', '1', 1).close();
});

test('what is made is held until its client has it, and nobody begins while there is no room', async () => {
  const { queue, working, search } = setUp(100);
  const made = queue.open('a', '1', 10);
  await made.run(async () => undefined);
  made.hold(200);
  expect(() => queue.open('b', '1', 1)).toThrow(/Too many previews/);
  made.close();
  void search('b', '1');
  await settled();
  expect(working).toEqual(['b1']);
});

test('what waits for its turn is told when its client goes', async () => {
  const { queue, search } = setUp();
  void search('a', '1');
  const waiting = queue.open('b', '1', 1);
  const result = waiting.run(async () => undefined);
  waiting.close();
  await expect(result).rejects.toMatchObject({ code: 'CANCELLED' });
});
