import { reduceAround, alignFace } from '../../../bridge-server/faces';
import { compositeLayer } from '../../../bridge-server/image/compositeLayer';
import { cropRaster } from '../../../bridge-server/image/cropRaster';
import { readImage } from '../../../bridge-server/image/readImage';
import { sliders } from '../../../bridge-server/operations/edit/sliders';
import type { LayerPatch } from '../../../bridge-server/processor/job';
import { runToEnd } from '../../../bridge-server/processor/runToEnd';
import { faceRegion, transformFace, type Face } from '../../../protocol/face';
import type { Bounds, Quad } from '../../../protocol/geometry';
import type { ParameterValues } from '../../../protocol/parameter';
import type { Raster } from '../../../protocol/raster';
import { astronautFile, openStarter } from '../../support/starter';

/* The starter's own networks and a photograph, by one pass without fitting. */
const { engine, faces, processor } = openStarter();
const { signal } = new AbortController();
const likeness = 'fast';

let photograph: Raster;
let face: Face;
let bounds: Bounds;
let quad: Quad;
/** No slider moved. */
let first: LayerPatch;

jest.setTimeout(120_000);

beforeAll(async () => {
  photograph = await readImage(astronautFile);
  face = (await faces.find(photograph))[0]!;
  const { width, height } = photograph;
  bounds = faceRegion(face, { left: 0, top: 0, right: width, bottom: height });
  // As jobs do, the crop is measured again in the region's own pixels.
  const { left, top } = bounds;
  const here = transformFace(face, 1, { x: -left, y: -top });
  const refined = await faces.refine(
    await reduceAround(cropRaster(photograph, bounds), here.quad, 256),
    here,
  );
  ({ quad } = transformFace(refined, 1, { x: left, y: top }));
  first = await edit({ likeness });
});
afterAll(() => engine.close());

async function edit(parameters: ParameterValues): Promise<LayerPatch> {
  const pixels = cropRaster(photograph, bounds);
  const region = { bounds, pixels, face, faceNumber: 1, hole: null, latents: null };
  const job = { operation: 'edit', model: null, parameters, regions: [region] };
  const { patches } = await runToEnd(processor, job, { signal, onProgress: () => undefined });
  return patches[0]!;
}

const preview = (
  parameters: ParameterValues,
  { model, source }: LayerPatch,
  placing: string | null,
) => processor.preview({ operation: 'edit', model, parameters, latents: source, placing }, signal);

/** The aligned face with the layer over the photograph, 256², 0..255. */
function shown({ pixels, mask, bounds: at }: LayerPatch): Float32Array {
  const under = { ...photograph, data: photograph.data.slice() };
  compositeLayer(under, pixels, mask, at);
  return alignFace(under, quad, 256).rgb.map((value) => 255 * value);
}

function meanDifference({ data, width }: Raster, planes: Float32Array): number {
  const plane = width * width;
  const sum = planes.reduce((total, value, i) => {
    const at = 4 * (i % plane) + Math.floor(i / plane);
    return total + Math.abs(data[at]! - value);
  }, 0);
  return sum / planes.length;
}

test.each<ParameterValues>([
  { smile: 0.8 },
  { head: 9 },
  { hairColour: 0.8 },
  { lightSide: 0.6, area: 'head' },
  { lightSide: -0.6, head: 9 },
])('a slider that moves shows what the layer will be: %j', async (values) => {
  const parameters = { ...values, likeness };
  const soon = await preview(parameters, first, first.placing);
  const layer = await edit(parameters);
  // Grey levels; the generator's own picture of the face is 20 to 60 away.
  expect(meanDifference(soon.pixels, shown(layer))).toBeLessThan(4);
  expect(Math.abs(soon.identity - layer.identity!)).toBeLessThan(0.2);
  const alone = await preview(parameters, first, null);
  expect(meanDifference(alone.pixels, shown(layer))).toBeGreaterThan(15);
});

test('where no slider is moved the photograph is shown', async () => {
  const { pixels, identity } = await preview({ likeness }, first, first.placing);
  const before = alignFace(photograph, quad, 256).rgb.map((value) => 255 * value);
  expect(meanDifference(pixels, before)).toBeLessThan(0.5);
  expect(identity).toBeGreaterThan(0.99);
});

test('at their ends, all at once, sliders send no error, and it is said how much of the person is left', async () => {
  for (const end of ['min', 'max'] as const) {
    const all = Object.fromEntries(sliders.map((slider) => [slider.name, slider[end]]));
    const { identity } = await preview({ ...all, likeness }, first, first.placing);
    const none = await preview({ likeness }, first, first.placing);
    expect(identity).toBeLessThan(0.85 * none.identity);
  }
});

test('what is no longer kept is refused with what to do', async () => {
  await expect(preview({ likeness }, first, 'gone')).rejects.toMatchObject({ code: 'NOT_FOUND' });
});
