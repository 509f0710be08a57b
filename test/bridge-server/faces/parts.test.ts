import {
  alignFace,
  createFaceFinder,
  createPartsReader,
  paintParts,
  partPalette,
  partShare,
  type FaceParts,
  type PartName,
} from '../../../bridge-server/faces';
import { cpuEngine, readAstronaut } from '../../support/faces';

// The networks take seconds where the machine is busy.
jest.setTimeout(60_000);

const numberOf = (part: PartName): number => partPalette.findIndex(({ name }) => name === part);

/** Left half hair, right half skin. */
function halves(size: number): FaceParts {
  const shares = new Float32Array(partPalette.length * size * size);
  for (let i = 0; i < size * size; i++) {
    const part = i % size < size / 2 ? 'hair' : 'skin';
    shares[numberOf(part) * size * size + i] = 1;
  }
  return { size, shares };
}

test('shares of several parts are added, and read at any size', () => {
  const parts = halves(8);
  expect([...partShare(parts, ['hair', 'skin'])]).toEqual(new Array(64).fill(1));
  const hair = partShare(parts, ['hair'], 16);
  expect([...hair.subarray(0, 16)]).toEqual([1, 1, 1, 1, 1, 1, 1, 0.75, 0.25, 0, 0, 0, 0, 0, 0, 0]);
});

test('a label map has the palette inside the crops and nothing outside', () => {
  const quad = [
    { x: 2, y: 1 },
    { x: 6, y: 1 },
    { x: 6, y: 5 },
    { x: 2, y: 5 },
  ] as const;
  const map = paintParts({ width: 8, height: 6 }, [quad], [halves(8)]);
  const at = (x: number, y: number): number[] => [
    ...map.data.subarray((y * 8 + x) * 4).slice(0, 4),
  ];
  expect(at(1, 3)).toEqual([0, 0, 0, 0]);
  expect(at(2, 1)).toEqual([...partPalette[numberOf('hair')]!.rgb, 255]);
  expect(at(5, 4)).toEqual([...partPalette[numberOf('skin')]!.rgb, 255]);
  expect(at(2, 5)).toEqual([0, 0, 0, 0]);
});

test('the parts of a photograph lie where they are, at whatever size it is read', async () => {
  const engine = cpuEngine();
  try {
    const astronaut = await readAstronaut();
    const [face] = await createFaceFinder(engine).find(astronaut);
    const crops = [256, 512].map((size) => alignFace(astronaut, face!.quad, size));
    for (const parts of await createPartsReader(engine).read(crops)) {
      const { size } = parts;
      const share = (part: PartName, u: number, v: number): number =>
        partShare(parts, [part])[Math.floor(v * size) * size + Math.floor(u * size)]!;
      expect(size).toBe(128);
      expect(share('hair', 0.5, 0.12)).toBeGreaterThan(0.8);
      expect(share('skin', 0.35, 0.6)).toBeGreaterThan(0.8);
      expect(share('nose', 0.5, 0.58)).toBeGreaterThan(0.5);
      expect(share('background', 0.03, 0.3)).toBeGreaterThan(0.8);
      const all = partShare(
        parts,
        partPalette.map(({ name }) => name),
      );
      expect(Math.max(...all.map((value) => Math.abs(value - 1)))).toBeLessThan(1e-4);
    }
  } finally {
    await engine.close();
  }
});
