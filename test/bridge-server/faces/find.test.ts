import { asItIs, createFaceFinder } from '../../../bridge-server/faces';
import type { Engine } from '../../../bridge-server/inference/engine';
import { transformFace } from '../../../protocol/face';
import type { Raster } from '../../../protocol/raster';
import { cpuEngine, paint, readAstronaut, waves } from '../../support/faces';

// The networks take seconds where the machine is busy.
jest.setTimeout(60_000);

let engine: Engine;
let astronaut: Raster;

beforeAll(async () => {
  engine = cpuEngine();
  astronaut = await readAstronaut();
});
afterAll(() => engine.close());

const find = (raster: Raster, documentScale = 1) =>
  createFaceFinder(engine).find(raster, { documentScale });

/** Every n-th pixel: tests need no filter. */
const reduced = (raster: Raster, factor: number): Raster =>
  paint(Math.floor(raster.width / factor), Math.floor(raster.height / factor), 8, (x, y) => {
    const at = (Math.floor(y * factor) * raster.width + Math.floor(x * factor)) * 4;
    const [r, g, b] = raster.data.subarray(at, at + 3);
    return [r! / 255, g! / 255, b! / 255, 1];
  });

const sampled = (raster: Raster, x: number, y: number): [number, number, number, number] => {
  const at = (Math.floor(y) * raster.width + Math.floor(x)) * 4;
  const [r, g, b] = raster.data.subarray(at, at + 3);
  return [r! / 255, g! / 255, b! / 255, 1];
};

test('finds the one face of the photograph where it is', async () => {
  const faces = await find(astronaut);
  expect(faces).toHaveLength(1);
  const [face] = faces;
  // Golden: found by this pipeline and checked by eye on the photograph.
  const golden = [
    [141.9, 14.5],
    [317.4, 23.4],
    [308.6, 198.9],
    [133.1, 190],
  ] as const;
  golden.forEach(([x, y], i) => {
    expect(Math.abs(face!.quad[i]!.x - x)).toBeLessThan(0.5);
    expect(Math.abs(face!.quad[i]!.y - y)).toBeLessThan(0.5);
  });
  expect(face!.score).toBeGreaterThan(0.8);
  expect(Math.abs(face!.yaw)).toBeLessThan(0.1);
  expect(face!.refusal).toBeNull();
  expect(face!.contour).toHaveLength(36);
});

test('finds it again in 16 bit, and where the picture around it is transparent', async () => {
  const [face] = await find(astronaut);
  const deep = paint(512, 512, 16, (x, y) => sampled(astronaut, x, y));
  const cutOut = paint(512, 512, 8, (x, y) => {
    const [r, g, b] = sampled(astronaut, x, y);
    return [r, g, b, Math.hypot(x - 224, y - 110) < 110 ? 1 : 0];
  });
  for (const raster of [deep, cutOut]) {
    const [again] = await find(raster);
    expect(again!.quad[0].x).toBeCloseTo(face!.quad[0].x, -1);
    expect(again!.quad[2].y).toBeCloseTo(face!.quad[2].y, -1);
  }
});

test('finds two faces side by side, numbered from the larger one', async () => {
  const pair = paint(768, 512, 8, (x, y) =>
    x < 512
      ? sampled(astronaut, x, y)
      : y < 256
        ? sampled(astronaut, (x - 512) * 2, y * 2)
        : [0.5, 0.5, 0.5, 1],
  );
  const faces = await find(pair);
  expect(faces).toHaveLength(2);
  expect(faces[0]!.landmarks.leftEye.x).toBeLessThan(512);
  expect(faces[1]!.landmarks.leftEye.x).toBeGreaterThan(512);
});

test('finds a small face in a large picture', async () => {
  const large = paint(1200, 900, 8, (x, y) =>
    x >= 700 && x < 956 && y >= 500 && y < 756
      ? sampled(astronaut, (x - 700) * 2, (y - 500) * 2)
      : [0.4, 0.45, 0.5, 1],
  );
  const [face] = await find(large);
  expect(face!.landmarks.leftEye.x).toBeGreaterThan(700);
  expect(face!.refusal).toBeNull();
});

test('finds a face that fills the picture', async () => {
  const close = paint(90, 100, 8, (x, y) => sampled(astronaut, x + 182, y + 62));
  const [face] = await find(close);
  expect(face!.landmarks.leftEye.x).toBeGreaterThan(0);
  expect(face!.landmarks.rightEye.x).toBeLessThan(90);
});

test('refuses a face of too few pixels, unless the document has more of them', async () => {
  const tiny = reduced(astronaut, 5);
  const [face] = await find(tiny);
  expect(face!.refusal).toBe('too-small');
  const [preview] = await find(tiny, 5);
  expect(preview!.refusal).toBeNull();
});

test('finds nothing where there is no face, in pictures of any shape', async () => {
  for (const [width, height] of [
    [300, 200],
    [1, 1],
    [700, 3],
  ] as const) {
    expect(await find(paint(width, height, 8, waves))).toEqual([]);
  }
});

test('refines a face from a preview in the full pixels', async () => {
  const [rough] = await find(reduced(astronaut, 2), 2);
  const [exact] = await find(astronaut);
  const refined = await createFaceFinder(engine).refine(
    asItIs(astronaut),
    transformFace(rough!, 2, { x: 0, y: 0 }),
  );
  for (const corner of [0, 1, 2, 3] as const) {
    expect(Math.abs(refined.quad[corner].x - exact!.quad[corner].x)).toBeLessThan(3);
    expect(Math.abs(refined.quad[corner].y - exact!.quad[corner].y)).toBeLessThan(3);
  }
});

test('stops before the networks run when it is cancelled', async () => {
  const finder = createFaceFinder(engine);
  await expect(finder.find(astronaut, { signal: AbortSignal.abort() })).rejects.toMatchObject({
    code: 'CANCELLED',
  });
});
