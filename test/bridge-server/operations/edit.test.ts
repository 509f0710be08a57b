import { moveCodes } from '../../../bridge-server/operations/edit/moveCodes';
import { turnToFront } from '../../../bridge-server/operations/frontalize/turnToFront';
import type { Direction } from '../../../models/convert';
import type { Latents } from '../../../protocol/latents';

const direction = (name: string, row: readonly number[], limit: number): Direction => ({
  name,
  label: name,
  hint: '',
  unit: null,
  min: -limit,
  max: limit,
  steps: [{ from: 1, to: 3, row: Float32Array.from(row) }],
});

const zeros = (): Latents => ({ data: new Float32Array(8), shape: [4, 2] });

test('several directions add up, in the styles that they move, and the given codes stay', () => {
  const codes = zeros();
  const moved = moveCodes(codes, [direction('a', [1, 0], 9), direction('b', [0, 2], 9)], {
    a: 3,
    b: -1,
  });
  expect([...moved.data]).toEqual([0, 0, 3, -2, 3, -2, 0, 0]);
  expect([...codes.data]).toEqual(new Array(8).fill(0));
});

test('an amount beyond the range counts as its end, an unknown name as nothing', () => {
  const moved = moveCodes(zeros(), [direction('a', [1, 0], 2)], { a: 5, b: 1 });
  expect([...moved.data]).toEqual([0, 0, 2, 0, 2, 0, 0, 0]);
});

describe('turning to the front', () => {
  const directions = [direction('head', [1, 0], 25), direction('nod', [0, 1], 16)];
  const mirror = (yaw: number, pitch: number, answer: number) => ({
    pose: async ({ data }: Latents) => ({
      yaw: yaw + answer * data[2]!,
      pitch: pitch - answer * data[3]!,
    }),
  });

  test.each([0.7, 0.8, 1, 2])(
    'a head that follows by %d is seen to, and ends level',
    async (answer) => {
      const mirrored = mirror(-27, 19, answer);
      const codes = await turnToFront(zeros(), directions, mirrored);
      const { yaw, pitch } = await mirrored.pose(codes);
      expect(Math.abs(yaw)).toBeLessThan(1);
      expect(Math.abs(pitch - 9)).toBeLessThan(1);
    },
  );

  test('the way back is longer than the range, and not endless', async () => {
    const mirrored = mirror(45, 9, 1);
    const codes = await turnToFront(zeros(), directions, mirrored);
    expect((await mirrored.pose(codes)).yaw).toBeCloseTo(0, 3);
    const far = await turnToFront(zeros(), directions, mirror(80, 9, 1));
    expect(far.data[2]).toBe(-50);
  });

  test('codes that show no face stay as they are', async () => {
    const codes = await turnToFront(zeros(), directions, { pose: async () => null });
    expect(codes).toEqual(zeros());
  });
});
