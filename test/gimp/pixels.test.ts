import { largestDifference } from '../support/sameResult';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { faceRegion, transformFace } from '../../protocol/face';
import type { Bounds } from '../../protocol/geometry';
import { startTestServer, stopAll, type TestServer } from '../support/bridgeServer';
import { faceIn } from '../support/fakeProcessor';
import { describeGimp } from './support/gimpRoot';
import { GimpSession } from './support/gimpSession';
import {
  boundsOfLayer,
  crop,
  maskOf,
  outline,
  pixelsOf,
  type LayerDump,
} from './support/layerTree';

interface FilterEnd {
  readonly ok: boolean;
  readonly message: string;
}

/** The fake bridge answers with the region in negative: nothing else could be mistaken for it. */
const negative = <T extends Uint8Array | Uint16Array>(pixels: T, max: 255 | 65535): T =>
  pixels.map((value, i) => (i % 4 === 3 ? value : max - value)) as T;

/** Where the fake finds its face, and what the plug-in must read of the layer. */
function expectedRegion(layer: Bounds): Bounds {
  const face = faceIn(layer.right - layer.left, layer.bottom - layer.top);
  return faceRegion(transformFace(face, 1, { x: layer.left, y: layer.top }), layer);
}

/** A layer of noise, larger than its image and partly outside of it. */
const layerBounds: Bounds = { left: -20, top: 30, right: 130, bottom: 126 };
const noise = (values: number): Uint8Array =>
  Uint8Array.from({ length: values }, (_, i) => (Math.imul(i + 1, 2654435761) >>> 13) & 255);

describeGimp('pixels between GIMP and the bridge', () => {
  let gimp: GimpSession;
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
    const folder = await GimpSession.makeFolder();
    await writeFile(join(GimpSession.userFolder(folder), 'token'), server.token);
    await writeFile(join(folder, 'noise'), noise(150 * 96 * 4));
    gimp = await GimpSession.start(folder, { bridgePort: server.port });
  });
  afterAll(async () => {
    await gimp.close();
    await stopAll();
  });

  /** Python that makes `image` and its noisy `layer` at `layerBounds`. */
  const noisyImage = (precision: string, kind: 'RGB' | 'GRAY' = 'RGB'): string => `
image = new_image(100, 140, Gimp.ImageBaseType.${kind}, Gimp.Precision.${precision})
layer = add_layer(image, 'Photo', -20, 30, 150, 96, Gimp.ImageType.${kind === 'RGB' ? 'RGBA' : 'GRAYA'}_IMAGE)
write(layer, "R'G'B'A u8", (HERE / 'noise').read_bytes())
`;

  const runPlain = (operation: string, depth: 8 | 16, extra = ''): string => `
end = run_filter('${operation}', image, [layer], model='plain'${extra})
answer = {'end': end, 'layers': layers_of(image, ${depth})}
image.delete()
`;

  async function expectNegative(
    { end, layers }: { end: FilterEnd; layers: readonly LayerDump[] },
    depth: 8 | 16,
    tolerance: number,
  ): Promise<void> {
    expect(end).toMatchObject({ ok: true });
    const [made, source] = layers;
    expect(outline(layers)).toBe('Fake frontalize · seed 0, Photo');
    const region = expectedRegion(layerBounds);
    expect(boundsOfLayer(made!)).toEqual(region);
    const read = crop(await pixelsOf(source!, depth), layerBounds, region);
    const max = depth === 8 ? 255 : 65535;
    const written = await pixelsOf(made!, depth);
    expect(largestDifference(written, negative(read, max))).toBeLessThanOrEqual(tolerance);
    expect((await maskOf(made!)).every((value) => value === 255)).toBe(true);
  }

  test.each(['U8_NON_LINEAR', 'U16_NON_LINEAR', 'FLOAT_LINEAR'])(
    '%s: a layer that is larger than the preview is seen shrunk, in its own colours',
    async (precision) => {
      const seen = await gimp.run<readonly number[]>(`
import sys
sys.path.insert(0, str(HERE / 'plug-ins' / 'psp-layers'))
from psp_layers.pixels import read_preview
image = new_image(2100, 1050, precision=Gimp.Precision.${precision})
layer = add_layer(image, 'Photo', 0, 0, 2100, 1050)
layer.fill(Gimp.FillType.WHITE)
preview, scale = read_preview(layer, 1024)
image.delete()
answer = [preview.width, preview.height, min(preview.data)]
`);
      expect(seen).toEqual([1024, 512, 255]);
    },
  );

  test('8 bit: every value arrives exactly', async () => {
    const result = await gimp.run<{ end: FilterEnd; layers: LayerDump[] }>(
      noisyImage('U8_NON_LINEAR') + runPlain('frontalize', 8),
    );
    await expectNegative(result, 8, 0);
    // Against the bytes that this test made itself, not only against what GIMP says it holds.
    const region = expectedRegion(layerBounds);
    const own = crop(noise(150 * 96 * 4), layerBounds, region);
    expect(largestDifference(await pixelsOf(result.layers[0]!, 8), negative(own, 255))).toBe(0);
  });

  test.each([
    // In the darkest tones half a step of linear 8 bit is this much of 65535.
    ['8 bit, linear', 'U8_LINEAR', 'RGB', 1700],
    ['16 bit', 'U16_NON_LINEAR', 'RGB', 0],
    ['16 bit, linear', 'U16_LINEAR', 'RGB', 110],
    ['32-bit integer', 'U32_NON_LINEAR', 'RGB', 1],
    ['half float', 'HALF_NON_LINEAR', 'RGB', 16],
    ['float', 'FLOAT_LINEAR', 'RGB', 1],
    ['16-bit grey', 'U16_NON_LINEAR', 'GRAY', 1],
  ] as const)('%s: exact but for the precision of the image', async (_, precision, kind, step) => {
    const result = await gimp.run<{ end: FilterEnd; layers: LayerDump[] }>(
      noisyImage(precision, kind) + runPlain('frontalize', 16),
    );
    await expectNegative(result, 16, step);
  });

  test('8-bit grey stays grey and exact', async () => {
    const result = await gimp.run<{ end: FilterEnd; layers: LayerDump[] }>(
      noisyImage('U8_NON_LINEAR', 'GRAY') + runPlain('frontalize', 8),
    );
    await expectNegative(result, 8, 0);
  });

  test.each([
    ['U16_NON_LINEAR', 40],
    // One step of the image's own 8 bits, seen in 16.
    ['U8_NON_LINEAR', 700],
  ])('an Adobe RGB image of %s keeps its profile and its colours', async (precision, step) => {
    const result = await gimp.run<{ end: FilterEnd; layers: LayerDump[]; profile: string }>(`
${noisyImage(precision)}
image.set_color_profile(Gimp.ColorProfile.new_rgb_adobe())
# Colours within sRGB: those outside cannot come back.
write(layer, "R'G'B'A u8", bytes(64 + value // 2 if i % 4 < 3 else value for i, value in enumerate((HERE / 'noise').read_bytes())))
profile = image.get_effective_color_profile().get_label()
${runPlain('frontalize', 16)}
answer['profile'] = profile
`);
    await expectNegative(result, 16, step);
    expect(result.profile).toContain('Adobe');
  });

  test('a soft selection travels as the hole and comes back as the mask, value by value', async () => {
    const { end, layers, selection } = await gimp.run<{
      end: FilterEnd;
      layers: LayerDump[];
      selection: number[];
    }>(`
${noisyImage('U8_NON_LINEAR')}
Gimp.context_set_feather(True)
Gimp.context_set_feather_radius(9, 7)
image.select_ellipse(Gimp.ChannelOps.REPLACE, 30, 60, 40, 30)
region = Gegl.Rectangle.new(${Object.values(regionRectangle(expectedRegion(layerBounds))).join(', ')})
selection = list(image.get_selection().get_buffer().get(region, 1.0, 'Y u8', Gegl.AbyssPolicy.NONE))
${runPlain('inpaint', 8)}
answer['selection'] = selection
`);
    expect(end).toMatchObject({ ok: true });
    expect(new Set(selection).size).toBeGreaterThan(50);
    expect(largestDifference(await maskOf(layers[0]!), selection)).toBe(0);
  });

  test.each([
    ['', 'Nothing is selected, and no face has transparent pixels.'],
    [
      'image.select_rectangle(Gimp.ChannelOps.REPLACE, 0, 0, 4, 4)',
      'The selection does not touch this face.',
    ],
  ])('inpainting without a hole is refused (%s)', async (select, message) => {
    const { end, layers } = await gimp.run<{ end: FilterEnd; layers: LayerDump[] }>(`
image = new_image(64, 64)
layer = add_layer(image, 'Photo', 0, 0, 64, 64)
layer.fill(Gimp.FillType.WHITE)
${select}
${runPlain('inpaint', 8)}
`);
    expect(end.ok).toBe(false);
    expect(end.message).toContain(message);
    expect(outline(layers)).toBe('Photo');
  });
});

function regionRectangle({ left, top, right, bottom }: Bounds) {
  return { left, top, width: right - left, height: bottom - top };
}
