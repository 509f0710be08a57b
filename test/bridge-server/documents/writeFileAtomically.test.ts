import {
  lstat,
  mkdir,
  readdir,
  readFile,
  rename,
  symlink,
  unlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { basename, join } from 'node:path';
import { draftIn } from '../../../bridge-server/documents/drafts';
import { versionOf } from '../../../bridge-server/documents/fileVersion';
import {
  writeFileAtomically,
  type Target,
} from '../../../bridge-server/documents/writeFileAtomically';
import { withFolder } from '../../support/models';

/** To replace the file as it is now. */
const over = async (file: string): Promise<Target> => ({ file, replaces: await versionOf(file) });
const content =
  (text: string) =>
  (sink: { write(bytes: Uint8Array): Promise<void> }): Promise<void> =>
    sink.write(Buffer.from(text));

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
    const writing = writeFileAtomically(await over(file), async (sink) => {
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
    await expect(
      writeFileAtomically({ file, replaces: null }, async () => undefined),
    ).rejects.toMatchObject({
      code: 'OUTPUT_FAILED',
      message: `${file} cannot be written: ${reason}. Write it elsewhere.`,
    });
  }),
);

test('chunks are written in order and replace the old file at once', () =>
  withFolder(async (folder) => {
    const file = join(folder, 'result.psd');
    await writeFile(file, 'old');
    await writeFileAtomically(await over(file), async (sink) => {
      await sink.write(Buffer.from('new '));
      await sink.write(Buffer.from('content'));
    });
    expect(await readFile(file, 'utf8')).toBe('new content');
  }));

test('a file that appears while the work is done is not replaced: the result lies beside it', () =>
  withFolder(async (folder) => {
    const file = join(folder, 'result.psd');
    const drafts: string[] = [];
    const written = await writeFileAtomically(
      { file, replaces: null },
      async (sink) => {
        await content('ours')(sink);
        await writeFile(file, 'theirs');
        await writeFile(join(folder, 'result-v2.psd'), 'theirs too');
      },
      async (name) => void drafts.push(name),
    );
    const beside = join(folder, 'result-v3.psd');
    expect(written).toEqual({ file: beside, backup: null });
    expect(drafts.at(-1)).toBe(beside);
    expect(await readFile(beside, 'utf8')).toBe('ours');
    expect(await readFile(file, 'utf8')).toBe('theirs');
    expect((await readdir(folder)).sort()).toEqual([
      'result-v2.psd',
      'result-v3.psd',
      'result.psd',
    ]);
  }));

test.each([
  ['saves it anew', async (file: string) => writeFile(file, 'newer')],
  [
    'renames a new one over it',
    async (file: string) => {
      await writeFile(`${file}.tmp`, 'newer');
      await rename(`${file}.tmp`, file);
    },
  ],
])('where another program %s meanwhile, the newer file is kept', (_how, save) =>
  withFolder(async (folder) => {
    const file = join(folder, 'document.psd');
    await writeFile(file, 'older');
    const target = { ...(await over(file)), backup: true, beside: join(folder, 'document-x.psd') };
    const written = await writeFileAtomically(target, async (sink) => {
      await content('ours')(sink);
      await save(file);
    });
    expect(written).toEqual({ file: join(folder, 'document-x.psd'), backup: null });
    expect(await readFile(file, 'utf8')).toBe('newer');
    expect((await readdir(folder)).sort()).toEqual(['document-x.psd', 'document.psd']);
  }),
);

test('one that is deleted meanwhile does not come back under its name', () =>
  withFolder(async (folder) => {
    const file = join(folder, 'document.psd');
    await writeFile(file, 'older');
    const written = await writeFileAtomically(await over(file), async (sink) => {
      await content('ours')(sink);
      await unlink(file);
    });
    expect(written.file).toBe(join(folder, 'document-v2.psd'));
    expect(await readdir(folder)).toEqual(['document-v2.psd']);
  }));

test('a link stays a link: the real file is replaced, and its backup is a file', () =>
  withFolder(async (folder) => {
    await mkdir(join(folder, 'disk'));
    const real = join(folder, 'disk', 'real.psd');
    await writeFile(real, 'old');
    const link = join(folder, 'link.psd');
    await symlink('disk/real.psd', link);
    const target = { ...(await over(link)), backup: true };
    const { file, backup } = await writeFileAtomically(target, content('new'));
    expect([file, backup]).toEqual([link, `${real}.bak`]);
    expect((await lstat(link)).isSymbolicLink()).toBe(true);
    expect((await lstat(backup!)).isFile()).toBe(true);
    expect([await readFile(real, 'utf8'), await readFile(backup!, 'utf8')]).toEqual(['new', 'old']);
  }));

test('a link that leads nowhere has its name: nothing is made at its far end', () =>
  withFolder(async (folder) => {
    const link = join(folder, 'result.psd');
    await symlink('elsewhere.psd', link);
    const { file } = await writeFileAtomically({ file: link, replaces: null }, content('ours'));
    expect(file).toBe(join(folder, 'result-v2.psd'));
    expect((await readdir(folder)).sort()).toEqual(['result-v2.psd', 'result.psd']);
  }));

test('a name as long as the system allows can be written, and a longer one is refused in words', () =>
  withFolder(async (folder) => {
    const file = join(folder, `${'x'.repeat(251)}.psd`);
    await writeFileAtomically({ file, replaces: null }, content('ours'));
    expect(await readFile(file, 'utf8')).toBe('ours');
    const longer = { file: join(folder, `${'x'.repeat(252)}.psd`), replaces: null };
    await expect(writeFileAtomically(longer, content('ours'))).rejects.toMatchObject({
      code: 'OUTPUT_FAILED',
      message: expect.stringContaining('the name is too long'),
    });
  }));

test('what killed processes left goes, what others write stays', () =>
  withFolder(async (folder) => {
    const mine = basename(draftIn(folder));
    const gone = 2 ** 22 + 1; // above every process id
    const dead = mine.replace(`-${process.pid}-`, `-${gone}-`);
    const elsewhere = dead.replace(/^\.psp-layers-.{8}/, '.psp-layers-00000000');
    const forgotten = elsewhere.replace('00000000', '11111111');
    for (const name of [mine, dead, elsewhere, forgotten]) await writeFile(join(folder, name), '');
    await utimes(join(folder, forgotten), 0, 0);
    const file = join(folder, 'result.psd');
    await writeFileAtomically({ file, replaces: null }, content('new'));
    expect((await readdir(folder)).sort()).toEqual([mine, elsewhere, 'result.psd'].sort());
  }));
