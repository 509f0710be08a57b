import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { startCommand, type Command } from '../../support/command';

/** One folder, several runs at once, as a farm's tasks are: the real command, as built. */
const root = join(__dirname, '..', '..', '..');
let folder: string;
const at = (...names: string[]): string => join(folder, ...names);

const start = (args: readonly string[], env: NodeJS.ProcessEnv = {}): Command =>
  startCommand(at('home'), args, env);
const batch = (...args: string[]): string[] => [
  'batch',
  ...['--operation', 'reconstruct', '--model', 'tiny', '--likeness', 'fast'],
  ...args,
];

interface Line {
  readonly input: string;
  readonly state: string;
  readonly outputs: readonly string[];
  readonly code: string | null;
  readonly model: string | null;
  readonly engine: string | null;
}

const lines = async (file: string): Promise<Line[]> =>
  (await readFile(file, 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'psp-layers-farm-'));
  const checkpoint = join(root, 'test', 'fixtures', 'psp', 'tiny-encode', 'checkpoint.pt');
  const named = ['--name', 'tiny', '--operation', 'reconstruct'];
  expect((await start(['models', 'import', checkpoint, ...named]).finished).code).toBe(0);
  const crop = { left: 110, top: 0, width: 230, height: 230 };
  const face = sharp(join(root, 'test', 'fixtures', 'astronaut.png')).extract(crop);
  await mkdir(at('shots', 'two'), { recursive: true });
  // The same name, and the same name but for the ending: no shard may take another's.
  for (const name of ['p.jpg', 'p.png', 'q.png', 'two/p.jpg', 'two/r.webp']) {
    await face.clone().toFile(at('shots', name));
  }
  await writeFile(at('shots', 'note.png'), 'no picture');
}, 60_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

test('shards that run together make each result once, and their files of results say so', async () => {
  const args = (shard: string, ...more: string[]) =>
    batch(at('shots'), '--recursive', '--output', at('out'), '--shard', shard, ...more);
  const runs = ['0/2', '1/2'].map((shard, i) =>
    start(args(shard, '--results', at(`${i}.jsonl`), '--allow-failures', '--progress', 'openjd')),
  );
  const ended = await Promise.all(runs.map(({ finished }) => finished));
  expect(ended.map(({ code }) => code)).toEqual([0, 0]);
  expect(ended.every(({ out }) => out.includes('openjd_progress: 100.0'))).toBe(true);
  const all = (await Promise.all(['0', '1'].map((name) => lines(at(`${name}.jsonl`))))).flat();
  expect(all).toHaveLength(6);
  const done = all.filter(({ state }) => state === 'done');
  expect(done).toHaveLength(5);
  expect(new Set(done.flatMap(({ outputs }) => outputs)).size).toBe(5);
  expect(done[0]).toMatchObject({ model: 'tiny', engine: expect.stringMatching(/./) });
  expect(all.filter(({ state }) => state === 'failed')).toMatchObject([
    { input: at('shots', 'note.png'), code: 'BAD_INPUT', outputs: [] },
  ]);
  const written = await readdir(at('out'));
  expect(written.filter((name) => name.endsWith('.psd'))).toHaveLength(5);
  expect(written.filter((name) => name.endsWith('.jsonl')).sort()).toEqual([
    '.psp-layers-batch.0000-of-0002.jsonl',
    '.psp-layers-batch.0001-of-0002.jsonl',
  ]);

  // Another part of the same work, or all of it, finds what each shard has done.
  const again = await start(
    batch(at('shots'), '--recursive', '--output', at('out'), '--results', at('all.jsonl')),
  ).finished;
  expect(again.code).toBe(2);
  const states = (await lines(at('all.jsonl'))).map(({ state }) => state);
  expect(states.filter((state) => state === 'earlier')).toHaveLength(5);
}, 120_000);

test('a list in pieces, and SIGTERM ends a run as Ctrl-C does', async () => {
  await writeFile(at('list.txt'), ['p.jpg', 'q.png'].map((name) => at('shots', name)).join('\n'));
  const pieces = batch('--files-from', at('list.txt'), '--output', at('pieces'), '--jobs', '1');
  const second = await start([...pieces, '--items', '1-50']).finished;
  expect(second).toMatchObject({ code: 0, log: expect.stringContaining('1 of 1 files') });
  expect((await readdir(at('pieces'))).filter((name) => name.endsWith('.psd'))).toEqual([
    'q-reconstruct.psd',
  ]);
  const stopped = start([...pieces, '--overwrite', '--progress', 'openjd']);
  stopped.stdout!.once('data', () => stopped.kill('SIGTERM'));
  const { code, log } = await stopped.finished;
  expect(code).toBe(130);
  expect(log).toContain('The same command goes on from here.');
}, 60_000);

test('a server that is away ends the run, and no file has failed', async () => {
  const env = { PSP_LAYERS_INFERENCE: 'http://127.0.0.1:9' };
  const args = batch(at('shots'), '--output', at('away'), '--results', at('away.jsonl'));
  const { code, log } = await start([...args, '--allow-failures'], env).finished;
  expect(code).toBe(7);
  expect(log).toMatch(/Stopped with \d of 4 files left/);
  expect((await readFile(at('away.jsonl'), 'utf8')).includes('CONNECTION_LOST')).toBe(false);
}, 60_000);
