import { moveAside, offTheWall } from '../../../bridge-server/processor/turnAbout';

test('points on the wall are taken back to where the head begins, others stay', () => {
  const side = 64;
  // The head is the middle half.
  const wall = Float32Array.from({ length: side * side }, (_, i) =>
    i % side < side / 4 || i % side >= (3 * side) / 4 ? 1 : 0,
  );
  const points = [0.2, 0.3, 0.7, 0.8].map((x) => ({ x, y: 0.5, z: 0 }));
  const [left, within, also, right] = offTheWall(points, { side, planes: [wall] });
  expect(left!.x).toBeGreaterThanOrEqual(0.25);
  expect(left!.x).toBeLessThan(0.27);
  expect([within!.x, also!.x]).toEqual([0.3, 0.7]);
  expect(right!.x).toBeLessThan(0.75);
  expect(right!.x).toBeGreaterThan(0.73);
});

test('a face without width ends as it is, though all of it lies on the wall', () => {
  const point = { x: 0.5, y: 0.5, z: 0 };
  const wall = { side: 8, planes: [new Float32Array(64).fill(1)] };
  expect(offTheWall([point, point], wall)).toEqual([point, point]);
});

test('a picture moves aside by whole pixels, and mirrors what it does not have', () => {
  const rgb = Float32Array.from({ length: 3 * 16 }, (_, i) => i % 4);
  const row = (aside: number): number[] => [
    ...moveAside({ size: 4, rgb }, aside).rgb.subarray(0, 4),
  ];
  expect(row(0.25)).toEqual([1, 0, 1, 2]);
  expect(row(-0.25)).toEqual([1, 2, 3, 3]);
  expect(row(0.1)).toEqual([0, 1, 2, 3]);
});
