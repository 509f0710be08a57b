import { once } from 'node:events';
import { watch } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import type { BatchResult } from '../../../bridge-server/cli/batch/runBatch';
import { writeLayeredDocument } from '../../../bridge-server/documents/writeLayeredDocument';
import { readPhotograph } from '../../../bridge-server/image/readPhotograph';
import { startCommand, type Command } from '../../support/command';

/** The real command, as built, over a folder of 20 files of which 3 are bad. */
const root = join(__dirname, '..', '..', '..');
const photo = join(root, 'test', 'fixtures', 'astronaut.png');
let folder: string;

const start = (...args: string[]): Command => startCommand(join(folder, 'home'), args);

const shoot = (): string => join(folder, 'shoot');
const results = (): string => join(folder, 'results');
const batch = (...more: string[]) =>
  start('batch', shoot(), '--operation', 'reconstruct', '--model', 'tiny', ...more);
const written = async (): Promise<string[]> =>
  (await readdir(results())).filter((name) => name.endsWith('.psd')).sort();

/** Resolves when the results' folder holds this many. */
async function whenWritten(count: number): Promise<void> {
  const watcher = watch(results());
  try {
    while ((await written()).length < count) await once(watcher, 'change');
  } finally {
    watcher.close();
  }
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'psp-layers-batch-'));
  const checkpoint = join(root, 'test', 'fixtures', 'psp', 'tiny-encode', 'checkpoint.pt');
  const named = ['--name', 'tiny', '--operation', 'reconstruct'];
  expect((await start('models', 'import', checkpoint, ...named).finished).code).toBe(0);
  await mkdir(shoot());
  await mkdir(results());
  const face = sharp(photo).extract({ left: 110, top: 0, width: 230, height: 230 });
  const names = Array.from({ length: 17 }, (_, i) => `${String(i).padStart(2, '0')}`);
  await face.clone().png().toFile(join(folder, 'face.png'));
  for (const [i, name] of names.entries()) {
    if (i % 4 === 3) {
      const picture = await readPhotograph(join(folder, 'face.png'));
      await writeLayeredDocument(
        { file: join(shoot(), `${name}.psd`), replaces: null },
        picture,
        [],
      );
    } else {
      const format = (['png', 'jpeg', 'tiff'] as const)[i % 3]!;
      await face
        .clone()
        .toFormat(format)
        .toFile(join(shoot(), `${name}.${format}`));
    }
  }
  await writeFile(join(shoot(), 'bad-note.jpg'), 'not a picture');
  const psd = await readFile(join(shoot(), '03.psd'));
  await writeFile(join(shoot(), 'bad-cut.psd'), psd.subarray(0, psd.length / 3));
  const empty = { width: 300, height: 200, channels: 3, background: '#808080' } as const;
  await sharp({ create: empty }).png().toFile(join(shoot(), 'bad-empty.png'));
}, 60_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

test('stopped, killed and started again, it does only the rest, and names each failure', async () => {
  const interrupted = batch('--output', results(), '--jobs', '1');
  await whenWritten(3);
  interrupted.kill('SIGINT');
  const stopped = await interrupted.finished;
  expect(stopped).toMatchObject({ code: 130, log: expect.stringContaining('goes on from here') });
  const afterStop = await written();
  expect(await readdir(results())).not.toContainEqual(expect.stringContaining('.part'));

  const killed = batch('--output', results(), '--jobs', '1');
  await whenWritten(afterStop.length + 3);
  killed.kill('SIGKILL');
  await killed.finished;
  const afterKill = await written();
  const times = new Map<string, number>();
  for (const name of afterKill) times.set(name, (await stat(join(results(), name))).mtimeMs);

  const last = await batch('--output', results(), '--json').finished;
  const { done, earlier, failed, remaining } = JSON.parse(last.out) as BatchResult;
  expect(last.code).not.toBe(0);
  expect(remaining).toEqual([]);
  expect(earlier).toHaveLength(afterKill.length);
  expect(done).toHaveLength(17 - afterKill.length);
  expect((await written()).length).toBe(17);
  for (const [name, time] of times) {
    expect((await stat(join(results(), name))).mtimeMs).toBe(time);
  }
  const reasons = failed.map(({ input, code, reason }) => [
    input.slice(shoot().length + 1),
    code,
    reason,
  ]);
  expect(reasons.sort()).toEqual([
    ['bad-cut.psd', 'BAD_INPUT', expect.stringContaining('damaged')],
    ['bad-empty.png', 'NO_FACE', expect.stringContaining('No face')],
    ['bad-note.jpg', 'BAD_INPUT', expect.stringContaining('not a picture')],
  ]);

  const again = await batch('--output', results()).finished;
  expect(again.log).toContain('17 were done by an earlier run.');
  expect(again.log).toContain('17 of 20 files are done.');
  expect(again.log).toContain(join(shoot(), 'bad-note.jpg'));
}, 180_000);

test('in place: the layers are in the file itself, its backup is the file as it was', async () => {
  const inPlace = join(folder, 'in-place');
  await mkdir(inPlace);
  const file = join(inPlace, 'document.psd');
  await copyFile(join(shoot(), '03.psd'), file);
  const before = await readFile(file);
  const args = ['batch', join(inPlace, '*.psd'), '--operation', 'reconstruct', '--model', 'tiny'];
  const run = await start(...args, '--in-place').finished;
  expect(run).toMatchObject({ code: 0, out: `${file}\n` });
  expect(Buffer.compare(await readFile(`${file}.bak`), before)).toBe(0);
  expect((await readFile(file)).length).toBeGreaterThan(before.length);
  const again = await start(...args, '--in-place').finished;
  expect(again).toMatchObject({ code: 0, out: '' });
  expect(await readdir(inPlace)).not.toContain('document.psd.bak2');
}, 60_000);

test('another program’s file of that name is never overwritten', async () => {
  const output = join(folder, 'taken');
  await mkdir(output);
  const taken = join(output, '00-reconstruct.psd');
  await writeFile(taken, 'precious');
  const input = join(shoot(), '00.png');
  const args = ['batch', input, '--operation', 'reconstruct', '--model', 'tiny'];
  const run = await start(...args, '--output', output).finished;
  expect(run).toMatchObject({ code: 2, log: expect.stringContaining('is not of this batch') });
  expect(await readFile(taken, 'utf8')).toBe('precious');
}, 60_000);
