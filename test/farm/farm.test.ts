import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, watch } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { startCommand } from '../support/command';
import { has, startSlurm } from './slurm';

/* The examples of docs/farm, run by what they are written for: 40 files in 4 shards, one of them killed. */

const execute = promisify(execFile);
const root = join(__dirname, '..', '..');
const example = (name: string): string => join(root, 'docs', 'farm', name);
const slurm = process.getuid?.() === 0 && ['slurmctld', 'slurmd', 'munged', 'sbatch'].every(has);
const openjd = has('openjd');
let folder: string;
let env: NodeJS.ProcessEnv;
const at = (...names: string[]): string => join(folder, ...names);

beforeAll(async () => {
  expect({ slurm, openjd }).not.toEqual({ slurm: false, openjd: false });
  folder = await mkdtemp(join(tmpdir(), 'psp-layers-farm-'));
  await mkdir(at('bin'));
  const main = join(root, 'dist', 'bridge-server', 'cli', 'main.js');
  const script = `#!/bin/sh\nexec '${process.execPath}' '${main}' "$@"\n`;
  await writeFile(at('bin', 'psp-layers'), script, { mode: 0o755 });
  env = {
    ...process.env,
    PATH: `${at('bin')}:${process.env['PATH']}`,
    PSP_LAYERS_HOME: at('home'),
    PSP_LAYERS_PROVIDER: 'cpu',
  };
  const checkpoint = join(root, 'test', 'fixtures', 'psp', 'tiny-encode', 'checkpoint.pt');
  const named = ['--name', 'tiny', '--operation', 'reconstruct'];
  const imported = await startCommand(at('home'), ['models', 'import', checkpoint, ...named])
    .finished;
  expect(imported.code).toBe(0);
  const crop = { left: 110, top: 0, width: 230, height: 230 };
  const face = sharp(join(root, 'test', 'fixtures', 'astronaut.png')).extract(crop);
  for (let roll = 0; roll < 4; roll += 1) {
    await mkdir(at('shoot', `roll ${roll}`), { recursive: true });
    for (let i = 0; i < 10; i += 1) {
      // Equal names in every roll, and one that is no picture's.
      await face
        .clone()
        .modulate({ brightness: 1 + i / 50 })
        .toFile(at('shoot', `roll ${roll}`, `${i}.png`));
    }
  }
}, 120_000);
// Daemons that were asked to end write a last time.
afterAll(() => rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 250 }));

interface Line {
  readonly input: string;
  readonly state: string;
  readonly outputs: readonly string[];
}

async function readLines(file: string): Promise<readonly Line[]> {
  const content = existsSync(file) ? await readFile(file, 'utf8') : '';
  const whole = content.slice(0, content.lastIndexOf('\n') + 1);
  return whole
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line);
}

/** Resolves when a shard has told of so many files. */
async function whenTold(output: string, shard: number, count: number): Promise<void> {
  await mkdir(output, { recursive: true });
  const watcher = watch(output);
  try {
    const file = join(output, `results.${shard}.jsonl`);
    while ((await readLines(file)).length < count) await once(watcher, 'change');
  } finally {
    watcher.close();
  }
}

/** @returns how many files each state has */
async function expectEverything(output: string): Promise<Record<string, number>> {
  const all = await Promise.all(
    [0, 1, 2, 3].map((i) => readLines(join(output, `results.${i}.jsonl`))),
  );
  for (const lines of all) expect(lines.length).toBeGreaterThan(2);
  const lines = all.flat();
  expect(new Set(lines.map(({ input }) => input)).size).toBe(40);
  expect(lines).toHaveLength(40);
  expect(new Set(lines.flatMap(({ outputs }) => outputs)).size).toBe(40);
  const written = (await readdir(output)).filter((name) => name.endsWith('.psd'));
  expect(written).toHaveLength(40);
  expect((await readdir(output)).filter((name) => name.endsWith('.part'))).toEqual([]);
  const counts: Record<string, number> = {};
  for (const { state } of lines) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
}

(slurm ? test : test.skip)('a Slurm array, one of its tasks requeued while it runs', async () => {
  const output = at('slurm out');
  const cluster = await startSlurm(at('slurm'));
  try {
    const all = { ...env, ...cluster.env };
    const options = ['--parsable', '--wait', '--ntasks=1', `--output=${at('slurm', '%a.log')}`];
    const script = [example('slurm.sh'), at('shoot'), output, 'reconstruct'];
    const job = spawn('sbatch', [...options, ...script, '--jobs', '1'], { env: all });
    const id = String((await once(job.stdout, 'data'))[0]).trim();
    const ended = once(job, 'exit');
    await whenTold(output, 1, 2);
    await execute('scontrol', ['requeue', `${id}_1`], { env: all });
    const [code] = await ended;
    const logs = await readFile(at('slurm', '1.log'), 'utf8');
    expect({ code, logs }).toMatchObject({ code: 0 });
    const counts = await expectEverything(output);
    expect(counts['earlier']).toBeGreaterThanOrEqual(2);
    expect(counts['done']! + counts['earlier']!).toBe(40);
    expect(logs).toContain('The same command goes on from here.');
  } finally {
    cluster.stop();
  }
});

(openjd ? test : test.skip)(
  'openjd run, one of its tasks killed by SIGKILL and run again',
  async () => {
    const output = at('openjd out');
    const parameters = [`Folder=${at('shoot')}`, `Output=${output}`, 'Operation=reconstruct'];
    const run = (shards: string) =>
      spawn(
        'openjd',
        [
          ...['run', example('openjd.yaml'), '--step', 'Batch'],
          ...parameters.flatMap((parameter) => ['-p', parameter]),
          ...[
            '--tasks',
            JSON.stringify(shards.split(',').map((Shard) => ({ Shard: Number(Shard) }))),
          ],
        ],
        { env },
      );
    const first = run('1');
    const exit = once(first, 'exit');
    const told = text(first.stdout);
    await whenTold(output, 1, 2);
    const { stdout } = await execute('pgrep', ['-f', '--', `--output ${output} --shard 1/4`]);
    for (const pid of stdout.trim().split('\n')) process.kill(Number(pid), 'SIGKILL');
    expect((await exit)[0]).not.toBe(0);
    expect(await told).toContain('openjd_progress: ');
    const again = run('0,1,2,3');
    const log = text(again.stdout);
    const [code] = await once(again, 'exit');
    expect({ code, log: await log }).toMatchObject({ code: 0 });
    const counts = await expectEverything(output);
    expect(counts['earlier']).toBeGreaterThanOrEqual(2);
    expect(counts['done']! + counts['earlier']!).toBe(40);
  },
);
