import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomically } from '../../../bridge-server/documents/writeFileAtomically';
import { withFolder } from '../../support/models';

/** What the system throws when a disk is full. */
const diskFull = Object.assign(new Error('ENOSPC: no space left on device, write'), {
  code: 'ENOSPC',
  syscall: 'write',
});

test.each([
  [diskFull, { code: 'OUTPUT_FAILED', message: expect.stringContaining('the disk is full') }],
  [new Error('encoder broke'), { message: 'encoder broke' }],
])('after %p half-way the old file is as it was, and nothing is left over', (error, expected) =>
  withFolder(async (folder) => {
    const file = join(folder, 'result.psd');
    await writeFile(file, 'old');
    const writing = writeFileAtomically(file, async (sink) => {
      await sink.write(Buffer.from('half'));
      throw error;
    });
    await expect(writing).rejects.toMatchObject(expected);
    expect(await readFile(file, 'utf8')).toBe('old');
    expect(await readdir(folder)).toEqual(['result.psd']);
  }),
);

test.each([
  ['absent', 'there is no such file or folder'],
  ['file', 'a part of the path is not a folder'],
])('into %s, which is no folder, nothing is written', (name, reason) =>
  withFolder(async (folder) => {
    await writeFile(join(folder, 'file'), '');
    const file = join(folder, name, 'result.psd');
    await expect(writeFileAtomically(file, async () => undefined)).rejects.toMatchObject({
      code: 'OUTPUT_FAILED',
      message: `${file} cannot be written: ${reason}. Write it elsewhere.`,
    });
  }),
);

test('chunks are written in order and replace the old file at once', () =>
  withFolder(async (folder) => {
    const file = join(folder, 'result.psd');
    await writeFile(file, 'old');
    await writeFileAtomically(file, async (sink) => {
      await sink.write(Buffer.from('new '));
      await sink.write(Buffer.from('content'));
    });
    expect(await readFile(file, 'utf8')).toBe('new content');
  }));
