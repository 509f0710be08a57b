import { orderQueue, type Waiting } from '../../../bridge-server/jobs/queueOrder';

/** "a" is an interactive job of client a, "A" a batch job of the same. */
function order(arrivals: string, lastTurns: Record<string, number> = {}): string {
  const waiting = [...arrivals].map((letter, arrival): Waiting & { letter: string } => ({
    letter,
    client: letter.toLowerCase(),
    priority: letter === letter.toLowerCase() ? 'interactive' : 'batch',
    arrival,
  }));
  const turns = new Map(Object.entries(lastTurns));
  return orderQueue(waiting, turns)
    .map((job) => job.letter)
    .join('');
}

test.each([
  ['first come first served', 'aaa', {}, 'aaa'],
  ['clients take turns', 'aaabbc', {}, 'abcaba'],
  ['who was served last comes last', 'ab', { a: 2, b: 1 }, 'ba'],
  ['who was never served comes first', 'ab', { a: 1 }, 'ba'],
  ['interactive before batch, whoever asks', 'AAABb', {}, 'bABAA'],
])('%s', (_, arrivals, lastTurns, expected) => {
  expect(order(arrivals, lastTurns as Record<string, number>)).toBe(expected);
});
