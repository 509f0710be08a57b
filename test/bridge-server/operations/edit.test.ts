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
  const directions = [direction('head', [1, 0], 40), direction('nod', [0, 1], 25)];
  /** A head whose turn answers its code by 0.8: one correction leaves a fifth, two a twenty-fifth. */
  const mirror = (yaw: number, pitch: number) => ({
    pose: async ({ data }: Latents) => ({
      yaw: yaw + 0.8 * data[2]!,
      pitch: pitch - 0.8 * data[3]!,
    }),
  });

  test('measures and corrects, twice', async () => {
    const mirrored = mirror(20, 19);
    const codes = await turnToFront(zeros(), directions, mirrored);
    const { yaw, pitch } = await mirrored.pose(codes);
    expect(Math.abs(yaw)).toBeLessThan(1);
    expect(Math.abs(pitch - 9)).toBeLessThan(1);
  });

  test('codes that show no face stay as they are', async () => {
    const codes = await turnToFront(zeros(), directions, { pose: async () => null });
    expect(codes).toEqual(zeros());
  });
});
