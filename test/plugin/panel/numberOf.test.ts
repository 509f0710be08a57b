import { numberOf } from '../../../plugin/panel/numberOf';

const numbers = (...layers: readonly (readonly [number | null, number])[]): string => {
  const made = layers.map(([faceNumber, variant]) => ({ faceNumber, variant }));
  return made.map((layer) => numberOf(layer, made)).join(' ');
};

test('variants of one face are told apart by their numbers, faces by theirs, both by both', () => {
  expect(numbers([1, 1], [1, 2], [1, 3])).toBe('1 2 3');
  expect(numbers([null, 1], [null, 2])).toBe('1 2');
  expect(numbers([1, 1], [2, 1], [3, 1])).toBe('1 2 3');
  expect(numbers([1, 1], [1, 2], [2, 1])).toBe('1·1 1·2 2·1');
});
