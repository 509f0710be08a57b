import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { journalsIn } from '../../../bridge-server/cli/batch/journal';
import { listInputs, readList } from '../../../bridge-server/cli/batch/listInputs';
import {
  inPart,
  parseItems,
  parseShard,
  partName,
  shardOf,
} from '../../../bridge-server/cli/batch/part';
import { createProgress } from '../../../bridge-server/cli/batch/progress';
import { summarize } from '../../../bridge-server/cli/batch/summarize';
import { PspError, type ErrorCode } from '../../../protocol/errors';
import { withFolder } from '../../support/models';

const keys = Array.from({ length: 4000 }, (_, i) => `shot ${i % 40}/plate.${i}.png`);

test('every file is in one shard, shards are about equal, and a file stays where it is', () => {
  const counts = [0, 0, 0, 0];
  for (const key of keys) counts[shardOf(key, 4)]! += 1;
  for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(100);
  // Written down once: another machine, another year.
  expect(['a.jpg', 'shot/b.jpg', 'Å.jpg'].map((key) => shardOf(key, 100))).toEqual([95, 77, 47]);
  expect(shardOf('A\u030a.jpg', 100)).toBe(shardOf('\u00c5.jpg', 100));
});

test('places of the list are counted from 0, the end may lie past it', () => {
  const files = ['a', 'b', 'c'].map((key) => ({ path: key, key }));
  const kept = (text: string): string[] =>
    files.filter(inPart({ shard: null, items: parseItems(text) })).map(({ key }) => key);
  expect(kept('0-1')).toEqual(['a', 'b']);
  expect(kept('1-99')).toEqual(['b', 'c']);
  expect(kept('2')).toEqual(['c']);
  expect(kept('7-9')).toEqual([]);
});

test.each(['4/4', '-1/4', 'one', '1', '1/0'])('--shard %s is refused', (text) => {
  expect(() => parseShard(text)).toThrow('Use I/N');
});

test.each(['9-1', '', 'a-b', '-3'])('--items %s is refused', (text) => {
  expect(() => parseItems(text)).toThrow('Use A-B');
});

test('each part has a journal of its own', () => {
  expect(partName({ shard: parseShard('7/100'), items: null })).toBe('0007-of-0100');
  expect(partName({ shard: null, items: parseItems('0-99') })).toBe('items-0-99');
  expect(partName({ shard: null, items: null })).toBe('');
});

async function fill(folder: string, names: readonly string[]): Promise<void> {
  for (const name of names) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), '');
  }
}

test('folders in folders, without those of results', () =>
  withFolder(async (folder) => {
    const results = ['roll/edit/a-edit.psd', 'roll/edit/.psp-layers-batch.0001-of-0002.jsonl'];
    await fill(folder, ['a.jpg', 'roll/b.png', 'roll/inner/c.tif', 'edit/d.jpg', ...results]);
    const isResultFolder = async (inner: string): Promise<boolean> =>
      (await journalsIn(inner)).length > 0;
    const { files } = await listInputs([folder], { recursive: true, isResultFolder });
    expect(files.map(({ key }) => key)).toEqual([
      'a.jpg',
      'edit/d.jpg',
      'roll/b.png',
      'roll/inner/c.tif',
    ]);
    const flat = await listInputs([folder], { recursive: false, isResultFolder });
    expect(flat.files.map(({ path }) => path)).toEqual([join(folder, 'a.jpg')]);
  }));

test('a list names files in its order, each once, by keys that move with it', () =>
  withFolder(async (folder) => {
    const list = join(folder, 'list.txt');
    const lines = ['b.jpg', 'a b.jpg', '', 'b.jpg'].map((name) => name && join(folder, name));
    await writeFile(list, lines.join('\r\n'));
    const { files } = await readList(list);
    expect(files.map(({ key }) => key)).toEqual(['b.jpg', 'a b.jpg']);
    await expect(readList(join(folder, 'none.txt'))).rejects.toMatchObject({
      message: expect.stringContaining('There is no file'),
    });
  }));

const outcome = (codes: readonly ErrorCode[]) => ({
  ...{ done: [], earlier: [], remaining: [] },
  failed: codes.map((code) => ({ input: 'a', code, reason: 'because' })),
});
const silent = { out: () => undefined, log: () => undefined, progress: () => undefined };

test('files that were dealt with are no failure where that is allowed; what a retry may mend is', () => {
  const ends = (codes: readonly ErrorCode[], allowFailures: boolean) =>
    summarize(outcome(codes), null, silent, { json: false, allowFailures })?.code ?? null;
  expect(ends(['NO_FACE'], false)).toBe('NO_FACE');
  expect(ends(['NO_FACE', 'BAD_INPUT', 'TOO_LARGE'], true)).toBeNull();
  expect(ends(['NO_FACE', 'OUTPUT_FAILED'], true)).toBe('OUTPUT_FAILED');
  const stopped = new PspError('CONNECTION_LOST', 'The server is away.');
  const options = { json: false, allowFailures: true };
  const left = { ...outcome([]), remaining: ['a', 'b'] };
  expect(summarize(left, stopped, silent, options)).toMatchObject({
    code: 'CONNECTION_LOST',
    message: expect.stringContaining('2 of 2 files left'),
  });
});

test('progress as lines for a log, and as OpenJobDescription reads it', () => {
  const lines: string[] = [];
  const say = (line: string): void => void lines.push(line);
  const terminal = { out: say, log: say, progress: () => undefined };
  const state = (finished: number) => ({
    ...{ files: 4, finished, faces: finished, millisecondsLeft: null, progress: null },
  });
  let now = 0;
  const plain = createProgress('plain', terminal, () => now);
  for (const finished of [0, 1, 2]) {
    plain.onState(state(finished));
    now += 6000;
  }
  plain.onState(state(4));
  expect(lines).toEqual([
    '0 of 4 files · 0 faces',
    '2 of 4 files · 2 faces',
    '4 of 4 files · 4 faces',
  ]);
  lines.length = 0;
  const openjd = createProgress('openjd', terminal);
  openjd.onState(state(1));
  openjd.onState({ ...state(1), progress: { stage: 'decode', done: 1, total: 2 } });
  openjd.onFailure(new PspError('INTERNAL', 'Two\nlines.'));
  expect(lines).toEqual([
    'openjd_progress: 25.0\nopenjd_status: 1 of 4 files · 1 face',
    'openjd_fail: Two lines.',
  ]);
});
