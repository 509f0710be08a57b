import type { FaceParts } from '../../../bridge-server/faces';
import { partPalette } from '../../../bridge-server/faces';
import { operations } from '../../../bridge-server/operations/registry';
import { lookAgain } from '../../../bridge-server/processor/lookAgain';
import type { Work } from '../../../bridge-server/processor/work';

const size = 64;
const signal = new AbortController().signal;
const source = { size, rgb: new Float32Array(3 * size * size), hole: null };
const codesOf = (share: number) => ({ data: Float32Array.of(share), shape: [1, 1] as const });

/** A generator whose code is the share of its picture that is hair, from the left; skin beside it. */
const partsOf = (share: number): FaceParts => {
  const shares = new Float32Array(partPalette.length * size * size);
  const numberOf = (name: string) => partPalette.findIndex((part) => part.name === name);
  for (let i = 0; i < size * size; i += 1) {
    const part = numberOf(i % size < share * size ? 'hair' : 'skin');
    shares[part * size * size + i] = 1;
  }
  return { size, shares };
};

/** An encoder of photographs that finds a fifth less hair than is painted: what is dark is hair. */
const encode = ([painted]: readonly Float32Array[]) => {
  const row = painted!.subarray(0, size);
  return [codesOf((0.8 * row.filter((red) => red < 0).length) / size)];
};

async function correct(operation: string, kind: 'rgb' | 'labels'): Promise<number> {
  const [wanted] = [0.5];
  const work = {
    operation: operations.find(operation),
    model: { input: { kind, size } },
    networks: { encode, preview: () => ({ size, rgb: new Float32Array(3 * size * size) }) },
    signal,
  } as unknown as Work;
  const codes = codesOf(0.8 * wanted!);
  const reader = { read: async () => [partsOf(codes.data[0]!)] };
  return (await lookAgain(work, codes, source, reader)).data[0]!;
}

test('what an encoder of photographs misses of a map is made up for once', async () => {
  // 2 · 0.4 − 0.8 · 0.4: of the tenth that was missing a fiftieth is left.
  expect(await correct('labels-to-face', 'rgb')).toBeCloseTo(0.48, 1);
  expect(await correct('labels-to-face', 'rgb')).toBeGreaterThan(0.46);
});

test('an encoder of maps, and a photograph, are answered as they are', async () => {
  expect(await correct('labels-to-face', 'labels')).toBeCloseTo(0.4);
  expect(await correct('reconstruct', 'rgb')).toBeCloseTo(0.4);
});
