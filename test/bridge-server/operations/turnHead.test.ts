import { inDegrees } from '../../../bridge-server/operations/edit/turnHead';
import type { Direction } from '../../../models/convert';
import type { Latents } from '../../../protocol/latents';

const direction = (name: string, row: readonly number[]): Direction => ({
  name,
  label: name,
  hint: '',
  unit: null,
  min: -40,
  max: 40,
  steps: [{ from: 0, to: 1, row: Float32Array.from(row) }],
});
const directions = [direction('head', [1, 0]), direction('nod', [0, 1])];
const still: Latents = { data: new Float32Array(2), shape: [1, 2] };

/** A head that answers the directions by these factors. */
const answering = (yaw: number, pitch: number) => ({
  pose: async ({ data }: Latents) => ({ yaw: 3 + yaw * data[0]!, pitch: 9 - pitch * data[1]! }),
});

test('a head that answers too much is moved less, one that answers little more', async () => {
  const amounts = await inDegrees(still, directions, { head: 15, nod: -6 }, answering(1.5, 0.75));
  expect(amounts['head']).toBeCloseTo(10, 5);
  expect(amounts['nod']).toBeCloseTo(-8, 5);
});

test('an answer that no head gives is taken for an error of the mesh', async () => {
  const amounts = await inDegrees(still, directions, { head: 10 }, answering(-1, 1));
  expect(amounts['head']).toBeCloseTo(20, 5);
});

test('other sliders, and faces that are not seen, stay as they are', async () => {
  const blind = { pose: async () => null };
  expect(await inDegrees(still, directions, { head: 10, smile: 1 }, blind)).toEqual({
    head: 10,
    smile: 1,
  });
});
