import type { Colour } from '../../../support/photoshop/state';
import { box, commitOf, newLayer, opaque, setUp } from './setUp';

const at = box(3, 4, 5, 6);

/** Reads one pixel of the source as the networks will see it. */
async function readPixel(fixture: ReturnType<typeof setUp>): Promise<number[]> {
  const region = await fixture.host.readRegion(await fixture.target(), box(3, 4, 4, 5));
  return [...region.data];
}

/** Commits one pixel and says how it looks in sRGB, 0..255, with its mask. */
async function written(fixture: ReturnType<typeof setUp>): Promise<number[]> {
  const { host, photoshop, documentId, target } = fixture;
  const [made] = await host.commitLayers(await target(), commitOf(newLayer('New', at)));
  const layer = photoshop.layer(documentId, Number(made!.layerId));
  const colour = [...layer.colourAt(3, 4)!, layer.maskAt(3, 4)!];
  expect(photoshop.problems()).toEqual([]);
  return colour.map((value) => Math.round(value * 255));
}

describe('documents of every depth, mode and profile', () => {
  test.each([
    ['8 bit', { bits: 8 as const }],
    ['16 bit', { bits: 16 as const }],
    ['32 bit, linear light', { bits: 32 as const }],
    ['8 bit Adobe RGB', { bits: 8 as const, profile: 'Adobe RGB (1998)' }],
    ['16 bit Adobe RGB', { bits: 16 as const, profile: 'Adobe RGB (1998)' }],
  ])('RGB, %s: sRGB in, sRGB out', async (_name, spec) => {
    const max = spec.bits === 8 ? 255 : 65535;
    const pixel = (await readPixel(setUp(spec))).map((value) => value / max);
    [0.8, 0.4, 0.2, 1].forEach((value, c) => expect(pixel[c]).toBeCloseTo(value, 2));
    // One step of 8-bit rounding in the document's own profile.
    (await written(setUp(spec))).forEach((value, c) =>
      expect(Math.abs(value - [128, 64, 32, 255, 200][c]!)).toBeLessThanOrEqual(1),
    );
  });

  test.each([
    ['8 bit', { bits: 8 as const, profile: 'Gray Gamma 2.2' }],
    ['16 bit, Dot Gain', { bits: 16 as const, profile: 'Dot Gain 20%' }],
    ['32 bit', { bits: 32 as const, profile: 'Gray Gamma 2.2' }],
  ])('greyscale, %s: grey in all three channels, luma out', async (_name, options) => {
    const layers = [{ name: 'Photo', paint: opaque(0.6) }];
    const spec = { ...options, mode: 'grayscaleMode', layers };
    const max = spec.bits === 8 ? 255 : 65535;
    const pixel = (await readPixel(setUp(spec))).map((value) => value / max);
    [0.6, 0.6, 0.6, 1].forEach((value, c) => expect(pixel[c]).toBeCloseTo(value, 2));
    const luma = 0.2126 * 128 + 0.7152 * 64 + 0.0722 * 32;
    const [red, , , alpha, mask] = await written(setUp(spec));
    expect(Math.abs(red! - luma)).toBeLessThanOrEqual(1.5);
    expect([alpha, mask]).toEqual([255, 200]);
  });

  test('transparency of a greyscale layer is read, and given back', async () => {
    const layers = [{ name: 'Cut out', paint: (x: number): Colour => [0.6, 0.6, 0.6, x / 40] }];
    const spec = { mode: 'grayscaleMode', profile: 'Gray Gamma 2.2', layers };
    const { host, target } = setUp(spec);
    const { data } = await host.readRegion(await target(), box(0, 4, 40, 5));
    const alphas = Array.from({ length: 40 }, (_, x) => data[x * 4 + 3]!);
    expect(alphas).toEqual(alphas.map((_, x) => Math.round((x / 40) * 255)));
  });

  test('light beyond white is clipped, not wrapped', async () => {
    const layers = [{ name: 'Photo', paint: opaque(4, -0.5, 0.5) }];
    const [red, green, blue] = await readPixel(setUp({ bits: 32, layers }));
    expect([red, green]).toEqual([65535, 0]);
    expect(blue! / 65535).toBeCloseTo(0.5, 3);
  });

  test('a Background without alpha is read as opaque', async () => {
    const layers = [{ name: 'Background', background: true, paint: opaque(0.2, 0.4, 0.6) }];
    expect(await readPixel(setUp({ layers }))).toEqual([51, 102, 153, 255]);
  });

  test('a preview of a 32-bit greyscale document is 8-bit RGBA', async () => {
    const layers = [{ name: 'Photo', paint: opaque(0.6) }];
    const spec = { bits: 32, mode: 'grayscaleMode', profile: 'Gray Gamma 2.2', layers } as const;
    const { host, target } = setUp(spec);
    const { pixels } = await host.readPreview(await target(), 8);
    expect(pixels).toMatchObject({ width: 8, height: 6 });
    expect([...pixels.data.slice(0, 4)]).toEqual([153, 153, 153, 255]);
  });
});
