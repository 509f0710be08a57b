import { addedBy } from '../../../bridge-server/compose/composedFace';
import {
  bandFace,
  fillFace,
  holdPhotograph,
  renderFace,
  surroundingsOf,
  type ComposedFace,
  type Grid,
} from '../../../bridge-server/compose';
import { alignFace, type FacePlanes } from '../../../bridge-server/faces';
import { resizeRaster } from '../../../bridge-server/image/resizeRaster';
import type { Mask, Raster } from '../../../protocol/raster';
import { detail, planes, pores } from '../../support/faceLike';
import { composite, paint, square, waves } from '../../support/faces';

const side = 300;
const quad = square({ x: 150, y: 150 }, 260, -6);

const holeOf = (inside: (x: number, y: number) => boolean): Mask => {
  const data = new Uint8Array(side * side);
  for (let i = 0; i < data.length; i++) {
    if (inside(i % side, Math.floor(i / side))) data[i] = 255;
  }
  return { width: side, height: side, data };
};

/** The hole's pixels of the composite. */
function filled(region: Raster, hole: Mask, feather: number, cast: number): Raster {
  const aligned = alignFace(region, quad, 256);
  // The generator knows the picture, but not its light: brighter to the right.
  const image = {
    size: 256,
    rgb: aligned.rgb.map((value, i) => Math.min(1, value * 0.8 + cast + 0.1 * ((i % 256) / 256))),
  };
  const placed = renderFace(
    region,
    quad,
    fillFace(image, surroundingsOf(region, quad, hole), feather),
    'opaque',
  );
  const mask = placed.mask.data.map((value, i) => {
    const x = (i % placed.mask.width) + placed.bounds.left;
    const y = Math.floor(i / placed.mask.width) + placed.bounds.top;
    return hole.data[y * side + x] ? value : 0;
  });
  return composite(region, { ...placed, mask: { ...placed.mask, data: mask } });
}

describe('a hole', () => {
  const region = paint(side, side, 8, waves);
  const hole = holeOf((x, y) => x >= 100 && x < 190 && y >= 120 && y < 200);

  test('is joined without a step along its rim', () => {
    const result = filled(region, hole, 0, 0.15);
    let step = 0;
    let count = 0;
    for (let y = 120; y < 200; y++) {
      for (const [inner, outer] of [
        [100, 99],
        [189, 190],
      ] as const) {
        for (let c = 0; c < 3; c++) {
          const at = (x: number, of: Raster): number => of.data[(y * side + x) * 4 + c]!;
          const natural = at(inner, region) - at(outer, region);
          step += Math.abs(at(inner, result) - at(outer, result) - natural);
          count++;
        }
      }
    }
    expect(step / count).toBeLessThan(2);
  });

  test('is filled in the light of what surrounds it', () => {
    const result = filled(region, hole, 0, 0.15);
    let off = 0;
    for (let y = 140; y < 180; y++) {
      for (let x = 120; x < 170; x++) {
        const at = (y * side + x) * 4;
        off += Math.abs(result.data[at]! - region.data[at]!) / (40 * 50);
      }
    }
    // The generator's contrast is a fifth lower; its cast of 0.15 to 0.25 is gone.
    expect(off).toBeLessThan(20);
  });

  test('changes nothing but itself', () => {
    const result = filled(region, hole, 0.1, 0);
    const changed = result.data.some((value, i) => !hole.data[i >> 2] && value !== region.data[i]);
    expect(changed).toBe(false);
  });

  test('a feather fades over opaque pixels only; transparent ones are covered in full', () => {
    const erased = { ...region, data: region.data.slice() };
    hole.data.forEach((value, i) => {
      if (value && i % side < 145) erased.data[i * 4 + 3] = 0;
    });
    const aligned = alignFace(region, quad, 256);
    const fill = fillFace(aligned, surroundingsOf(erased, quad, hole), 0.1);
    const { bounds, mask, pixels } = renderFace(erased, quad, fill, 'opaque');
    const at = (x: number, y: number) => (y - bounds.top) * mask.width + x - bounds.left;
    expect(mask.data[at(101, 160)]).toBe(255);
    expect(pixels.data[at(101, 160) * 4 + 3]).toBe(255);
    expect(mask.data[at(188, 160)]).toBeLessThan(100);
    expect(mask.data[at(170, 160)]).toBe(255);
  });
});

test('an eye that is drawn has the colours of the one that is seen', () => {
  type Colour = readonly [number, number, number, number];
  const brown: Colour = [0.36, 0.24, 0.16, 1];
  const blue: Colour = [0.24, 0.32, 0.44, 1];
  const skin: Colour = [0.86, 0.7, 0.6, 1];
  const [warm, cold]: Colour[] = [
    [0.9, 0.84, 0.76, 1],
    [0.78, 0.86, 0.92, 1],
  ];
  const irises = [110, 190] as const;
  const inIris = (x: number, y: number, of: number): boolean => Math.hypot(x - of, y - 130) < 12;
  const inEye = (x: number, y: number, of: number): boolean =>
    ((x - of) / 26) ** 2 + ((y - 130) / 13) ** 2 < 1;
  const faceOf =
    (iris: Colour, white: Colour) =>
    (x: number, y: number): Colour => {
      if (!irises.some((of) => inEye(x, y, of))) return skin;
      return irises.some((of) => inIris(x, y, of)) ? iris : white;
    };
  const region = paint(side, side, 8, faceOf(brown, warm!));
  const hole = holeOf((x, y) => Math.abs(x - irises[0]) < 35 && Math.abs(y - 130) < 25);
  const image = alignFace(paint(side, side, 8, faceOf(blue, cold!)), quad, 256);
  const seen: Grid = {
    side: 128,
    planes: irises.map((of) => {
      const eye = paint(side, side, 8, (x, y) => (inEye(x, y, of) ? [1, 1, 1, 1] : [0, 0, 0, 1]));
      return alignFace(eye, quad, 128).rgb.subarray(0, 128 * 128);
    }),
  };
  const fill = fillFace(image, surroundingsOf(region, quad, hole), 0, seen);
  const { bounds, pixels } = renderFace(region, quad, fill, 'opaque');
  const at = (x: number, y: number): number[] => {
    const from = ((y - bounds.top) * pixels.width + x - bounds.left) * 4;
    return [...pixels.data.subarray(from, from + 3)];
  };
  const isNear = (colour: readonly number[], wanted: Colour, bound: number): void =>
    colour.forEach((value, c) => expect(Math.abs(value / 255 - wanted[c]!)).toBeLessThan(bound));
  // Blue would miss by 0.28, and a white that follows the skin by 0.12.
  isNear(at(irises[0], 130), brown, 0.1);
  isNear(at(irises[0] + 8, 130), brown, 0.12);
  isNear(at(irises[0] + 19, 130), warm!, 0.09);
});

/** Of the first channel. */
function rangeOf({ data }: Raster): [least: number, greatest: number] {
  const red = data.filter((_, i) => i % 4 === 0);
  return [red.sort()[0]!, red.at(-1)!];
}

describe('the band above the photograph’s resolution', () => {
  const everywhere: Grid = { side: 2, planes: [new Float32Array(4).fill(1)] };
  const area: Grid = {
    side: 32,
    planes: [
      Float32Array.from({ length: 32 * 32 }, (_, i) => {
        const edge = Math.min(i % 32, 31 - (i % 32), Math.floor(i / 32), 31 - Math.floor(i / 32));
        return Math.min(1, Math.max(0, (edge - 1) / 6));
      }),
    ],
  };
  const factor = 4;
  const small = paint(60, 60, 8, (x, y) => waves(x * 2, y * 2));
  const drawn = planes(256, (u, v) => {
    const [x, y] = [12 + 36 * u, 12 + 36 * v];
    const [r, g, b] = waves(x * 2, y * 2);
    const grain = pores(u * 256, v * 256, 0.1);
    return [r + grain, g + grain, b + grain];
  });

  async function resolved(depth: 8 | 16, rowsAtOnce = 256) {
    const photograph = depth === 8 ? small : paint(60, 60, 16, (x, y) => waves(x * 2, y * 2));
    const enlarged = await resizeRaster(photograph, 60 * factor, 60 * factor);
    const where = square({ x: 120, y: 120 }, 36 * factor);
    const aligned = alignFace(enlarged, where, 256);
    const composed = bandFace(aligned, drawn, 36, area, everywhere);
    const placed = renderFace(enlarged, where, composed, 'source');
    await holdPhotograph(photograph, enlarged, factor, placed, rowsAtOnce);
    return { photograph, enlarged, result: composite(enlarged, placed) };
  }

  test.each([8, 16] as const)('shrunk again it is the photograph: %i bit', async (depth) => {
    const { photograph, result } = await resolved(depth);
    const again = await resizeRaster(result, 60, 60);
    let worst = 0;
    // Around the patch, what is left is the enlarging filter's.
    for (let y = 15; y < 45; y++) {
      for (let at = (y * 60 + 15) * 4; at < (y * 60 + 45) * 4; at++) {
        worst = Math.max(worst, Math.abs(again.data[at]! - photograph.data[at]!));
      }
    }
    expect(worst).toBeLessThanOrEqual(depth === 8 ? 2 : 2 * 257);
  });

  test.each([8, 16] as const)(
    'worked on a few rows at a time it is the same: %i bit',
    async (depth) => {
      const [whole, byRows] = [await resolved(depth), await resolved(depth, 7)];
      expect(byRows.result).toEqual(whole.result);
    },
  );

  test('is the generator’s: finer than the photograph enlarged', async () => {
    const { enlarged, result } = await resolved(8);
    const inside = (x: number, y: number) => x > 80 && x < 160 && y > 80 && y < 160;
    expect(detail(result, inside)).toBeGreaterThan(3 * detail(enlarged, inside));
  });

  test('an outline that is drawn beside the photograph’s gets no fringe', async () => {
    const grey = (value: number) => [value, value, value, 1] as const;
    const wall = paint(60, 60, 8, (x) => grey(0.25 + 0.5 * Math.min(1, Math.max(0, x - 29.1))));
    const enlarged = await resizeRaster(wall, 240, 240);
    const where = square({ x: 120, y: 120 }, 36 * factor);
    // Sharp, and half a pixel of the small photograph beside it.
    const other = planes(256, (u) => {
      const value = 12 + 36 * u < 30.5 ? 0.25 : 0.75;
      return [value, value, value];
    });
    const composed = bandFace(alignFace(enlarged, where, 256), other, 36, area, everywhere);
    const placed = renderFace(enlarged, where, composed, 'source');
    await holdPhotograph(wall, enlarged, factor, placed);
    const [least, greatest] = rangeOf(enlarged);
    const [darkest, lightest] = rangeOf(composite(enlarged, placed));
    expect(lightest).toBeLessThanOrEqual(greatest + 2);
    expect(darkest).toBeGreaterThanOrEqual(least - 2);
  });

  test('detail that the photograph has already is not drawn once more', async () => {
    const blurred = await resizeRaster(small, 240, 240);
    const where = square({ x: 120, y: 120 }, 144);
    const drawnOver = (photograph: FacePlanes) =>
      amountOf(bandFace(photograph, drawn, 36, area, everywhere));
    expect(drawnOver(drawn)).toBeLessThan(0.2 * drawnOver(alignFace(blurred, where, 256)));
  });

  test('where the two show other things, the photograph stays', async () => {
    const enlarged = await resizeRaster(small, 240, 240);
    const where = square({ x: 120, y: 120 }, 144);
    const other = planes(256, (u, v) => {
      const grain = 0.2 + pores(u * 256, v * 256, 0.1);
      return [1 - grain, grain, 1 - grain];
    });
    const [strangeness, belonging] = [other, drawn].map((image) =>
      amountOf(bandFace(alignFace(enlarged, where, 256), image, 36, area, everywhere)),
    );
    expect(strangeness).toBeLessThan(0.3 * belonging!);
  });

  const amountOf = (composed: ComposedFace): number =>
    addedBy(composed, 256).reduce((sum, value) => sum + Math.abs(value), 0);
});
