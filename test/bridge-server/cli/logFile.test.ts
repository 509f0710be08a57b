import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { LogFile } from '../../../bridge-server/cli/logFile';
import { withFolder } from '../../support/models';

test('keeps to its size: the file before it is kept, older ones are not', () =>
  withFolder(async (folder) => {
    const path = join(folder, 'bridge.log');
    const log = new LogFile(path, 100);
    for (let i = 0; i < 40; i++) log.write(`line ${String(i).padStart(2, '0')}\n`);
    const [now, before] = [readFileSync(path, 'utf8'), readFileSync(`${path}.1`, 'utf8')];
    expect(now.length).toBeLessThanOrEqual(100);
    expect(before.length).toBeLessThanOrEqual(100);
    expect(`${before}${now}`).toMatch(/line 36\nline 37\nline 38\nline 39\n$/);
    // A new process goes on where the one before stopped.
    new LogFile(path, 100).write('next\n');
    expect(readFileSync(path, 'utf8')).toBe(`${now}next\n`);
  }));

test('what cannot be written is counted, and said when it can', () =>
  withFolder(async (folder) => {
    const path = join(folder, 'bridge.log');
    mkdirSync(path);
    const log = new LogFile(path);
    log.write('one\n');
    log.write('two\n');
    rmdirSync(path);
    log.write('three\n');
    expect(readFileSync(path, 'utf8')).toBe('{"msg":"2 lines could not be written here"}\nthree\n');
  }));

const onPosix = process.platform === 'win32' ? test.skip : test;

onPosix('a pipe that nobody reads is not waited for', () =>
  withFolder(async (folder) => {
    const path = join(folder, 'bridge.log');
    execFileSync('mkfifo', [path]);
    new LogFile(path).write('lost\n');
  }),
);
