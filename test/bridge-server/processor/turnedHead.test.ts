import { alignFace, createIdentity, likeness } from '../../../bridge-server/faces';
import { compositeLayer } from '../../../bridge-server/image/compositeLayer';
import { cropRaster } from '../../../bridge-server/image/cropRaster';
import { readImage } from '../../../bridge-server/image/readImage';
import { runToEnd } from '../../../bridge-server/processor/runToEnd';
import { cropSide, faceRegion, type Face } from '../../../protocol/face';
import type { ParameterValues } from '../../../protocol/parameter';
import type { Raster } from '../../../protocol/raster';
import { astronautFile, openStarter } from '../../support/starter';

/* The starter's own networks; the head is one that they turned far before. */
const { engine, faces, processor } = openStarter();
const identity = createIdentity(engine);
afterAll(() => engine.close());
jest.setTimeout(120_000);

async function apply(operation: string, picture: Raster, parameters: ParameterValues) {
  const face = (await faces.find(picture))[0]!;
  const { width, height } = picture;
  const bounds = faceRegion(face, { left: 0, top: 0, right: width, bottom: height });
  const pixels = cropRaster(picture, bounds);
  const region = { bounds, pixels, face, faceNumber: 1, hole: null, latents: null };
  const job = { operation, model: null, parameters, regions: [region] };
  const options = { signal: new AbortController().signal, onProgress: () => undefined };
  const { patches } = await runToEnd(processor, job, options);
  const result = { ...picture, data: picture.data.slice() };
  compositeLayer(result, patches[0]!.pixels, patches[0]!.mask, patches[0]!.bounds);
  return { patch: patches[0]!, result, face };
}

let turned: Raster;
let face: Face;

beforeAll(async () => {
  const astronaut = await readImage(astronautFile);
  const whole = { likeness: 'fast', keep: 0, area: 'crop', matchColour: 0 };
  const { result } = await apply('edit', astronaut, { ...whole, head: 20 });
  const once = await apply('edit', result, { ...whole, head: 20 });
  turned = once.result;
  face = (await faces.find(turned))[0]!;
});

test('a head turned far is replaced whole: it looks ahead, and sits where the old one was', async () => {
  expect(Math.abs(face.yaw)).toBeGreaterThan(0.35);
  const { result, patch } = await apply('frontalize', turned, { likeness: 'fast' });
  const front = (await faces.find(result))[0]!;
  expect(Math.abs(front.yaw)).toBeLessThan(0.1);
  // Below that the panel speaks of another person.
  expect(patch.identity).toBeGreaterThan(0.35);
  // Eyes and mouth come to the middle of the head, which was to the other side of where it looked.
  const away = (middle(front) - middle(face)) * -Math.sign(face.yaw);
  expect(away).toBeGreaterThan(5);
});

/** Where eyes and mouth are, from left to right. */
const middle = ({ landmarks }: Face): number => {
  const { leftEye, rightEye, leftMouth, rightMouth } = landmarks;
  return (leftEye.x + rightEye.x + leftMouth.x + rightMouth.x) / 4;
};

test('a head turns about its neck: its face goes to where it looks, and is told to be the same', async () => {
  const astronaut = await readImage(astronautFile);
  for (const head of [-20, 20]) {
    const {
      result,
      face: before,
      patch,
    } = await apply('edit', astronaut, { likeness: 'fast', head });
    const after = (await faces.find(result))[0]!;
    const aside = (middle(after) - middle(before)) / cropSide(before);
    expect(aside * Math.sign(head)).toBeGreaterThan(0.08);
    expect(aside * Math.sign(head)).toBeLessThan(0.2);
    const same = [
      [astronaut, before],
      [result, after],
    ] as const;
    const [person, again] = await identity.embed(
      same.map(([picture, { quad }]) => alignFace(picture, quad, 256)),
    );
    expect(Math.abs(patch.identity! - likeness(person!, again!))).toBeLessThan(0.1);
  }
});

test('fitted as close as can be, a head turned far is turned all the same', async () => {
  const [close, closest] = [
    await apply('frontalize', turned, { likeness: 'close' }),
    await apply('frontalize', turned, { likeness: 'closest' }),
  ];
  expect(closest.patch.latents.data).toEqual(close.patch.latents.data);
});

test('a named area carries the photograph along as before', async () => {
  const auto = await apply('frontalize', turned, { likeness: 'fast' });
  const named = await apply('frontalize', turned, { likeness: 'fast', area: 'face' });
  expect(named.patch.bounds).not.toEqual(auto.patch.bounds);
});

test('placed again without networks it is the same head, its neck joined otherwise', async () => {
  const { patch } = await apply('frontalize', turned, { likeness: 'fast' });
  const place = (changes: ParameterValues) => processor.place(patch.placing!, changes);
  expect((await place({})).mask.data).toEqual(patch.mask.data);
  const shown = ({ mask }: Awaited<ReturnType<typeof place>>): number =>
    mask.data.reduce((sum, value) => sum + value, 0);
  const [hard, soft, drawn] = [
    await place({ feather: 0.02 }),
    await place({ feather: 0.4 }),
    await place({ keep: 0 }),
  ];
  expect(shown(soft)).toBeGreaterThan(shown(hard));
  expect(shown(drawn)).toBeGreaterThan(shown(soft));
});

test('the region of a turned face reaches behind its head, of others it does not', () => {
  const layer = { left: -9999, top: -9999, right: 9999, bottom: 9999 };
  const { left, right } = faceRegion({ ...face, yaw: 0.1 }, layer);
  const aside = faceRegion({ ...face, yaw: 0.4 }, layer);
  expect(aside.right).toBe(right);
  expect(left - aside.left).toBeGreaterThan(0.15 * (right - left));
});
