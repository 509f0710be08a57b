import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFaceFinder } from '../../bridge-server/faces';
import { readImage } from '../../bridge-server/image/readImage';
import { resizeRaster } from '../../bridge-server/image/resizeRaster';
import { encodePng } from '../../bridge-server/image/writePng';
import { createOnnxEngine } from '../../bridge-server/inference/onnxEngine';
import { alignFolder } from '../../scripts/measure/alignFolder';
import { readYaws, summarize } from '../../scripts/measure/readYaws';
import { measureRuntimes, median } from '../../scripts/measure/runtimes';

const root = join(__dirname, '..', '..');
const astronaut = join(root, 'test', 'fixtures', 'astronaut.png');
const report = { provider: 'cpu', device: 'CPU', passedOver: [] } as const;
const engine = createOnnxEngine({ provider: 'cpu', report });
const finder = createFaceFinder(engine);
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'psp-layers-measure-'));
});

afterAll(async () => {
  await engine.close();
  await rm(folder, { recursive: true });
});

test('photographs are cut to 256² crops whose yaw reads alike at 64²; a faceless one is named', async () => {
  const photographs = join(folder, 'photographs');
  await mkdir(photographs);
  await copyFile(astronaut, join(photographs, 'astronaut.png'));
  const wall = { width: 64, height: 64, data: new Uint8Array(64 * 64 * 4).fill(255) };
  await writeFile(join(photographs, 'wall.png'), await encodePng(wall));

  const crops = join(folder, 'crops');
  expect(await alignFolder(finder, photographs, crops)).toEqual(['wall.png']);
  const meta = JSON.parse(await readFile(join(crops, 'meta.jsonl'), 'utf8')) as { yaw: number };
  expect(meta).toMatchObject({ id: 'astronaut' });
  const crop = await readImage(join(crops, 'astronaut.png'));
  expect([crop.width, crop.height]).toEqual([256, 256]);

  await mkdir(join(crops, 'small'));
  const small = await encodePng(await resizeRaster(crop, 64, 64));
  await writeFile(join(crops, 'small', 'astronaut.png'), small);
  await writeFile(join(crops, 'small', 'wall.png'), await encodePng(wall));
  const yaws = await readYaws(finder, crops);
  expect(yaws['astronaut']).toBeCloseTo(meta.yaw, 1);
  expect(yaws['small/astronaut']).toBeCloseTo(meta.yaw, 1);
  expect(yaws['small/wall']).toBeNull();
  expect(summarize(yaws).map(({ folder: group, usable }) => [group, usable])).toEqual([
    ['.', 1],
    ['small', 1],
  ]);
});

test('the operations that the starter serves are timed, encoder included', async () => {
  const starter = join(root, 'models', 'starter');
  const asked = ['inpaint', 'toonify'] as const;
  const runtimes = await measureRuntimes(engine, starter, astronaut, 1, asked);
  expect(Object.keys(runtimes)).toEqual(['inpaint']);
  const { network, whole } = runtimes.inpaint!;
  expect(network).toBeGreaterThan(0);
  expect(whole).toBeGreaterThan(network);
});

test('the median of an even count lies between its middle values', () => {
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(median([9, 1, 2])).toBe(2);
});
