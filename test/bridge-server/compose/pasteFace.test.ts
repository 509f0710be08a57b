import { changeInMask } from '../../../scripts/changeInMask';
import { alignFace, createFaceFinder, faceMask } from '../../../bridge-server/faces';
import { pasteFace, type PasteOptions } from '../../../scripts/pasteFace';
import type { Quad } from '../../../protocol/geometry';
import type { Raster } from '../../../protocol/raster';
import { composite, cpuEngine, paint, readAstronaut, square, waves } from '../../support/faces';

// The networks take seconds where the machine is busy.
jest.setTimeout(60_000);

const plain: PasteOptions = { matchColour: false, matchGrain: false, seed: 1 };
const everywhere = (size: number): Float32Array => new Float32Array(size * size).fill(1);
const flat = (size: number, colour: readonly [number, number, number]) => ({
  size,
  rgb: Float32Array.from({ length: 3 * size * size }, (_, i) => colour[Math.floor(i / size ** 2)]!),
});

describe('the round trip: an aligned crop pasted back', () => {
  let astronaut: Raster;
  let faceQuad: Quad;
  let face: Parameters<typeof faceMask>[0];

  beforeAll(async () => {
    const engine = cpuEngine();
    astronaut = await readAstronaut();
    const [found] = await createFaceFinder(engine).find(astronaut);
    await engine.close();
    [face, faceQuad] = [found!, found!.quad];
  });

  test.each(['face', 'head', 'crop'] as const)('changes the photograph little: %s', (area) => {
    for (const size of [192, 256, 512]) {
      const mask = faceMask(face, faceQuad, size, area);
      const pasted = pasteFace(
        astronaut,
        faceQuad,
        alignFace(astronaut, faceQuad, size),
        mask,
        plain,
      );
      expect(changeInMask(astronaut, pasted)).toBeLessThan(2);
    }
  });

  test.each([
    ['turned', square({ x: 150, y: 120 }, 90, 37), 96],
    ['upside down', square({ x: 150, y: 120 }, 90, 178), 128],
    ['beyond the border', square({ x: 10, y: 230 }, 120, -20), 128],
    ['larger than the crop', square({ x: 150, y: 120 }, 150, 12), 64],
    ['smaller than the crop', square({ x: 150, y: 120 }, 60, 12), 256],
    ['much smaller than the crop', square({ x: 150, y: 120 }, 40, 5), 512],
  ] as const)('keeps slow waves in 8 and 16 bit: %s', (_, quad, size) => {
    for (const depth of [8, 16] as const) {
      const raster = paint(300, 240, depth, waves);
      const pasted = pasteFace(
        raster,
        quad,
        alignFace(raster, quad, size),
        everywhere(size),
        plain,
      );
      expect(changeInMask(raster, pasted)).toBeLessThan(1);
      expect(pasted.pixels.data.constructor).toBe(raster.data.constructor);
    }
  });
});

test('writes nothing outside the quad and stays within the region', () => {
  const raster = paint(100, 80, 8, waves);
  const pasted = pasteFace(
    raster,
    square({ x: 90, y: 40 }, 40, 45),
    flat(32, [1, 0, 0]),
    everywhere(32),
    plain,
  );
  expect(pasted.bounds).toEqual({ left: 61, top: 11, right: 100, bottom: 69 });
  const { width, data } = pasted.pixels;
  expect([...data.subarray(0, 4)]).toEqual([0, 0, 0, 0]);
  expect(pasted.mask.data[0]).toBe(0);
  const centre = 29 * width + 29;
  expect([...data.subarray(centre * 4, centre * 4 + 4)]).toEqual([255, 0, 0, 255]);
  expect(pasted.mask.data[centre]).toBe(255);
});

test('is as transparent as the source, or opaque where a hole is to be filled', () => {
  const raster = paint(60, 60, 8, (x) => [0.5, 0.5, 0.5, x < 30 ? 0 : 1]);
  const quad = square({ x: 30, y: 30 }, 40);
  const paste = (transparency: 'source' | 'opaque') =>
    pasteFace(raster, quad, flat(20, [0, 1, 0]), everywhere(20), { ...plain, transparency }).pixels;
  const alphas = ({ data, width }: Raster) => [5, 35].map((x) => data[(20 * width + x) * 4 + 3]);
  expect(alphas(paste('source'))).toEqual([0, 255]);
  expect(alphas(paste('opaque'))).toEqual([255, 255]);
});

test('takes a colour cast away around the rim', () => {
  const raster = paint(200, 200, 8, waves);
  const quad = square({ x: 100, y: 100 }, 140, 8);
  const size = 128;
  const aligned = alignFace(raster, quad, size);
  const cast = aligned.rgb.map(
    (value, i) => value + [0.08, -0.05, -0.1][Math.floor(i / size ** 2)]!,
  );
  const mask = faceMask({ contour: [], landmarks: noLandmarks }, quad, size, 'crop');
  const paste = (matchColour: boolean) =>
    changeInMask(
      raster,
      pasteFace(raster, quad, { size, rgb: cast }, mask, { ...plain, matchColour }),
    );
  expect(paste(false)).toBeGreaterThan(15);
  expect(paste(true)).toBeLessThan(4);
});

test('another content at a part of the rim does not colour the face', () => {
  const raster = paint(200, 200, 8, (x) => (x < 60 ? [0, 0, 0, 1] : [0.6, 0.5, 0.4, 1]));
  const quad = square({ x: 100, y: 100 }, 140);
  const mask = faceMask({ contour: [], landmarks: noLandmarks }, quad, 128, 'crop');
  const { pixels } = pasteFace(raster, quad, flat(128, [0.6, 0.5, 0.4]), mask, {
    ...plain,
    matchColour: true,
  });
  const centre = (70 * pixels.width + 70) * 4;
  expect(Math.abs(pixels.data[centre]! - 0.6 * 255)).toBeLessThan(4);
});

test('adds the grain that the source has, the same for a seed', () => {
  let state = 1;
  const noise = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state / 2 ** 32 - 0.5) * 0.12;
  };
  const raster = paint(160, 160, 8, () => {
    const grey = 0.5 + noise();
    return [grey, grey, grey, 1];
  });
  const quad = square({ x: 80, y: 80 }, 120);
  const paste = (seed: number, matchGrain = true) =>
    pasteFace(raster, quad, flat(64, [0.5, 0.5, 0.5]), everywhere(64), {
      ...plain,
      matchGrain,
      seed,
    });
  const deviation = (data: Raster['data']): number => {
    let square = 0;
    for (let i = 0; i < data.length; i += 4) square += (data[i]! / 255 - 0.5) ** 2;
    return Math.sqrt((square / data.length) * 4);
  };
  expect(deviation(paste(7, false).pixels.data)).toBeLessThan(0.005);
  const grained = deviation(paste(7).pixels.data);
  // The source's noise is uniform over ±0.06: σ = 0.0346.
  expect(grained).toBeGreaterThan(0.028);
  expect(grained).toBeLessThan(0.038);
  expect(paste(7).pixels.data).toEqual(paste(7).pixels.data);
  expect(paste(7).pixels.data).not.toEqual(paste(8).pixels.data);
});

test('the composite of a patch of the same picture shows no seam', () => {
  const raster = paint(200, 200, 16, waves);
  const quad = square({ x: 100, y: 100 }, 150, 15);
  const mask = faceMask({ contour: [], landmarks: noLandmarks }, quad, 128, 'crop');
  const whole = composite(
    raster,
    pasteFace(raster, quad, alignFace(raster, quad, 128), mask, {
      ...plain,
      matchColour: true,
      matchGrain: true,
    }),
  );
  let worst = 0;
  whole.data.forEach((value, i) => (worst = Math.max(worst, Math.abs(value - raster.data[i]!))));
  expect(worst).toBeLessThan(3 * 257);
});

test('refuses a quad that does not touch the pixels', () => {
  const raster = paint(20, 20, 8, waves);
  expect(() =>
    pasteFace(raster, square({ x: 90, y: 90 }, 20), flat(8, [0, 0, 0]), everywhere(8), plain),
  ).toThrow(expect.objectContaining({ code: 'BAD_INPUT' }));
});

const nowhere = { x: 0, y: 0 };
const noLandmarks = {
  leftEye: nowhere,
  rightEye: nowhere,
  leftMouth: nowhere,
  rightMouth: nowhere,
};
