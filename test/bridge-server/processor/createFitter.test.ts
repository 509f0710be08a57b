import { join } from 'node:path';
import { alignFace, createFaceFinder } from '../../../bridge-server/faces';
import type { Engine } from '../../../bridge-server/inference/engine';
import { createModelStore, type ModelPackage } from '../../../bridge-server/models/modelStore';
import { createFitter, type Fitter } from '../../../bridge-server/processor/createFitter';
import { createLatentCache } from '../../../bridge-server/processor/latentCache';
import { createNetworks } from '../../../bridge-server/processor/networks';
import {
  toSigned,
  wholeSource,
  type EncoderSource,
} from '../../../bridge-server/operations/operation';
import { withMask } from '../../../bridge-server/processor/withMask';
import type { Latents } from '../../../protocol/latents';
import { cpuEngine, readAstronaut } from '../../support/faces';

/* The starter's own networks: what fitting makes of pictures that are none. */

const starter = join(__dirname, '../../../models/starter');
const size = 256;
const { signal } = new AbortController();
const nobody = (): void => undefined;

// Tens of steps on a loaded machine.
jest.setTimeout(180_000);

let engine: Engine;
let model: ModelPackage;
let fitter: Fitter;

beforeAll(async () => {
  engine = cpuEngine();
  const models = await createModelStore(starter, join(starter, 'none')).list();
  model = models.find(({ name }) => name === 'starter')!;
  fitter = createFitter(engine, createLatentCache());
});
afterAll(() => engine.close());

const plain = (value: number): EncoderSource => ({
  size,
  rgb: new Float32Array(3 * size * size).fill(value),
  hole: null,
});

async function encode(source: EncoderSource): Promise<Latents> {
  const input = withMask(toSigned(source.rgb), source, model.input.kind);
  const [codes] = await createNetworks(engine, model).encode([input], signal);
  return codes!;
}

async function taskOf(source: EncoderSource) {
  const codes = await encode(source);
  return { model, codes, source, wish: wholeSource(source), likeness: 'close' } as const;
}

async function astronaut(): Promise<EncoderSource> {
  const photograph = await readAstronaut();
  const [face] = await createFaceFinder(engine).find(photograph);
  return { size, rgb: alignFace(photograph, face!.quad, size).rgb, hole: null };
}

test.each([
  ['black', 0],
  ['grey', 0.5],
])('a %s picture gives a plain answer in as many steps as any other', async (_, value) => {
  const task = await taskOf(plain(value));
  const seen: number[] = [];
  const { data, shape } = await fitter.fit(task, signal, ({ done }) => seen.push(done));
  expect(seen).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  expect(shape).toEqual(task.codes.shape);
  expect(data.every(Number.isFinite)).toBe(true);
});

test('a picture of no numbers is an error in words, at once', async () => {
  const codes = await encode(plain(0.5));
  const source = plain(NaN);
  const wish = { known: null, resolution: size, person: true };
  const seen: number[] = [];
  const fitting = fitter.fit(
    { model, codes, source, wish, likeness: 'closest' },
    signal,
    ({ done }) => seen.push(done),
  );
  await expect(fitting).rejects.toMatchObject({ code: 'INFERENCE_FAILED' });
  expect(seen.length).toBeLessThanOrEqual(1);
});

test('a cancel is heard within a step, and leaves nothing half fitted behind', async () => {
  const task = await taskOf(await astronaut());
  const cancel = new AbortController();
  const seen: number[] = [];
  const fitting = fitter.fit(task, cancel.signal, ({ done }) => {
    seen.push(done);
    if (done === 2) cancel.abort();
  });
  await expect(fitting).rejects.toMatchObject({ code: 'CANCELLED' });
  expect(seen).toEqual([0, 1, 2]);
  const fresh = new AbortController();
  const again = fitter.fit(task, fresh.signal, ({ done }) => {
    expect(done).toBe(0);
    fresh.abort();
  });
  await expect(again).rejects.toMatchObject({ code: 'CANCELLED' });
});

test('what was fitted is remembered by what was asked', async () => {
  const task = await taskOf(await astronaut());
  const fitted = await fitter.fit(task, signal, nobody);
  const seen: number[] = [];
  expect(await fitter.fit(task, signal, ({ done }) => seen.push(done))).toBe(fitted);
  expect(seen).toEqual([]);
});
