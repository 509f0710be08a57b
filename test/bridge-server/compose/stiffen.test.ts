import { carryGrid, stiffened, type Grid } from '../../../bridge-server/compose';

const side = 64;
const plane = (value: (x: number, y: number) => number): Float32Array =>
  Float32Array.from({ length: side * side }, (_, i) => value(i % side, Math.floor(i / side)));

/** A band across the face from one ear to the other. */
const frame: Grid = {
  side,
  planes: [plane((x, y) => (x >= 12 && x < 52 && y >= 24 && y < 34 ? 1 : 0))],
};
const turned = (move: (x: number) => number): Grid => ({
  side,
  planes: [plane((x) => move(x) / side), plane(() => 0)],
});
/** Along the middle of the frame, how far it is drawn out at most: 1 is not at all. */
function drawnOut({ planes }: Grid): number {
  let most = 0;
  for (let x = 16; x < 48; x++) {
    const at = 29 * side + x;
    most = Math.max(most, 1 / (1 + side * (planes[0]![at + 1]! - planes[0]![at]!)));
  }
  return most;
}

test('a frame that turns is not drawn out at its near end, as the skin under it is', () => {
  // Still over most of the face, and drawn out threefold towards the left.
  const carry = turned((x) => (x < 24 ? (24 - x) * 0.66 : 0));
  const stiff = stiffened(carry, frame);
  expect(drawnOut(carry)).toBeGreaterThan(2.5);
  expect(drawnOut(stiff)).toBeLessThan(1.8);
  // Far from the frame all moves as it did.
  expect(stiff.planes[0]!.subarray(0, 12 * side)).toEqual(carry.planes[0]!.subarray(0, 12 * side));
});

test('a frame that moves evenly moves as it did', () => {
  const carry = turned((x) => 2 + 0.1 * x);
  const [before, after] = [carryGrid(frame, carry), carryGrid(frame, stiffened(carry, frame))];
  after.planes[0]!.forEach((value, i) => expect(value).toBeCloseTo(before.planes[0]![i]!, 2));
});

test('nothing stiff changes nothing', () => {
  const carry = turned((x) => x / 8);
  expect(stiffened(carry, { side, planes: [plane(() => 0)] })).toBe(carry);
});
