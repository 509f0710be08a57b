import {
  asItIs,
  alignFace,
  createFaceFinder,
  createPartsReader,
} from '../../../bridge-server/faces';
import { lookAtHeads } from '../../../bridge-server/processor/lookAtHeads';
import type { Source } from '../../../bridge-server/processor/readSource';
import { seatHeads } from '../../../bridge-server/processor/seatHeads';
import { cpuEngine, readAstronaut } from '../../support/faces';

const size = 256;
const engine = cpuEngine();
const reader = createPartsReader(engine);
const { signal } = new AbortController();
let source: Source;

beforeAll(async () => {
  const pixels = await readAstronaut();
  const { width, height } = pixels;
  const [found] = await createFaceFinder(engine).find(pixels);
  // As if she looked far aside.
  const face = { ...found!, yaw: 0.5 };
  const { rgb, alpha } = alignFace(pixels, face.quad, size);
  const placement = {
    pixels,
    seen: asItIs(pixels),
    enlargement: 1,
    bounds: { left: 0, top: 0, right: width, bottom: height },
    quad: face.quad,
    face,
    hole: null,
    selection: null,
    photograph: { size, rgb },
    alpha: { side: size, planes: [alpha] },
    parameters: {},
  };
  const encoderSource = { size, rgb, hole: null };
  [source] = (await lookAtHeads([{ encoderSource, placement }], reader, signal)) as [Source];
});
afterAll(() => engine.close());

test('a bare head without glasses is known for one', () => {
  expect(source.placement.wears).toEqual({ glasses: null, hat: false });
});

test('a covered head is not replaced, a bare one is', async () => {
  const { placement } = source;
  const covered = { ...placement, wears: { glasses: null, hat: true } };
  const seated = await seatHeads([source, { ...source, placement: covered }], reader, signal);
  expect(seated[0]!.placement.seat).toBeDefined();
  expect(seated[1]!.placement.seat).toBeUndefined();
});
