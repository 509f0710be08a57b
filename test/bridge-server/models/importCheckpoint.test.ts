import { spawnSync } from 'node:child_process';
import { mkdir, readdir, readFile, rmdir, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { importCheckpoint } from '../../../bridge-server/models/importCheckpoint';
import { decodeModelDescription } from '../../../models/convert';
import { encodeOpts, makeCheckpoint, smallestSizes } from '../../support/checkpoints';
import { withFolder } from '../../support/models';

/** A folder with a checkpoint and a place for packages. */
const withCheckpoint = (
  use: (paths: { readonly file: string; readonly modelsFolder: string }) => Promise<void>,
): Promise<void> =>
  withFolder(async (folder) => {
    const file = join(folder, 'psp_FFHQ encode.pt');
    await writeFile(file, await makeCheckpoint());
    const modelsFolder = join(folder, 'home', 'models');
    await use({ file, modelsFolder });
  });

const list = async (folder: string): Promise<string[]> =>
  (await readdir(folder, { recursive: true })).sort();

test('makes a package that says what it is', () =>
  withCheckpoint(async (paths) => {
    const { folder, model } = await importCheckpoint(paths);
    expect(folder).toBe(join(paths.modelsFolder, 'psp-ffhq-encode'));
    const written: unknown = JSON.parse(await readFile(join(folder, 'model.json'), 'utf8'));
    expect(decodeModelDescription(written)).toEqual(model);
    expect(model.source.file).toBe('psp_FFHQ encode.pt');
    for (const graph of Object.values(model.graphs)) {
      expect((await stat(join(folder, graph))).size).toBeGreaterThan(0);
    }
  }));

test('packages share the graphs that are equal, and only those', () =>
  withCheckpoint(async ({ file, modelsFolder }) => {
    const first = await importCheckpoint({ file, modelsFolder, name: 'first' });
    const second = await importCheckpoint({ file, modelsFolder, name: 'second' });
    expect(second.model.graphs).toEqual(first.model.graphs);
    await writeFile(file, await makeCheckpoint(smallestSizes, encodeOpts, 2));
    const third = await importCheckpoint({ file, modelsFolder, name: 'third' });
    expect(third.model.graphs.decoder).not.toBe(first.model.graphs.decoder);
    expect(await list(join(modelsFolder, 'shared'))).toHaveLength(4);
    expect(await readdir(modelsFolder)).toHaveLength(4);
  }));

test('a shared graph that was damaged is mended', () =>
  withCheckpoint(async ({ file, modelsFolder }) => {
    const { folder, model } = await importCheckpoint({ file, modelsFolder, name: 'first' });
    const decoder = join(folder, model.graphs.decoder);
    const { size } = await stat(decoder);
    await truncate(decoder, 10);
    await importCheckpoint({ file, modelsFolder, name: 'second' });
    expect((await stat(decoder)).size).toBe(size);
  }));

test('a taken name is refused and its package stays', () =>
  withCheckpoint(async (paths) => {
    await importCheckpoint(paths);
    const before = await list(paths.modelsFolder);
    await expect(importCheckpoint(paths)).rejects.toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringMatching(/"psp-ffhq-encode" already/),
    });
    expect(await list(paths.modelsFolder)).toEqual(before);
  }));

describe('a failure leaves nothing behind', () => {
  test('a damaged file', () =>
    withCheckpoint(async (paths) => {
      const bytes = await readFile(paths.file);
      // In the last noise buffer, 16 KB before the last two small entries.
      bytes[bytes.lastIndexOf('PK\x03\x04') - 3000]! ^= 255;
      await writeFile(paths.file, bytes);
      await expect(importCheckpoint(paths)).rejects.toMatchObject({ code: 'BAD_CHECKPOINT' });
      expect(await list(paths.modelsFolder)).toEqual([]);
    }));

  test('cancelled in the middle of a graph', () =>
    withCheckpoint(async (paths) => {
      const abort = new AbortController();
      const importing = importCheckpoint({
        ...paths,
        signal: abort.signal,
        onProgress: ({ stage }) => stage === 'decoder' && abort.abort(),
      });
      await expect(importing).rejects.toMatchObject({ code: 'CANCELLED' });
      expect(await list(paths.modelsFolder)).toEqual([]);
    }));

  test('the last step fails: graphs that were shared already stay, new ones go', () =>
    withCheckpoint(async ({ file, modelsFolder }) => {
      await importCheckpoint({ file, modelsFolder, name: 'first' });
      const before = await list(modelsFolder);
      await writeFile(file, await makeCheckpoint(smallestSizes, encodeOpts, 2));
      const importing = importCheckpoint({
        file,
        modelsFolder,
        name: 'second',
        // The name is taken while the import runs.
        onProgress: ({ stage }) => {
          if (stage === 'decoder')
            void mkdir(join(modelsFolder, 'second', 'x'), { recursive: true });
        },
      });
      await expect(importing).rejects.toMatchObject({ code: 'OUTPUT_FAILED' });
      const left = (await list(modelsFolder)).filter((name) => !name.startsWith('second'));
      expect(left).toEqual(before);
    }));

  test('what a killed process left is removed, what a running one writes is not', () =>
    withCheckpoint(async ({ file, modelsFolder }) => {
      const { pid: dead } = spawnSync(process.execPath, ['-e', '']);
      await mkdir(join(modelsFolder, `.import-${dead}-00000000`), { recursive: true });
      await mkdir(join(modelsFolder, `.import-${process.pid}-00000000`));
      await importCheckpoint({ file, modelsFolder, name: 'model' });
      expect((await readdir(modelsFolder)).sort()).toEqual([
        `.import-${process.pid}-00000000`,
        'model',
        'shared',
      ]);
    }));
});

describe('files that cannot be used', () => {
  test.each([
    ['a missing file', 'absent.pt', /there is no such file/],
    ['a folder', '.', /is not a file/],
  ])('%s', (_, name, words) =>
    withFolder(async (folder) => {
      const file = join(folder, name);
      const importing = importCheckpoint({ file, modelsFolder: join(folder, 'models') });
      await expect(importing).rejects.toMatchObject({
        code: 'BAD_INPUT',
        message: expect.stringMatching(words),
      });
    }),
  );

  test('a place that cannot be written', () =>
    withCheckpoint(async ({ file }) => {
      const importing = importCheckpoint({ file, modelsFolder: join(file, 'models') });
      await expect(importing).rejects.toMatchObject({
        code: 'OUTPUT_FAILED',
        message: expect.stringMatching(/not a folder/),
      });
    }));

  test('an unknown operation', () =>
    withCheckpoint(async (paths) => {
      const importing = importCheckpoint({ ...paths, operation: 'fly' });
      await expect(importing).rejects.toMatchObject({ code: 'BAD_INPUT' });
      expect(await list(paths.modelsFolder)).toEqual([]);
    }));
});

test('what came over the wire is called as its owner calls it, whatever is wrong', () =>
  withFolder(async (folder) => {
    const file = join(folder, '.upload-1-00');
    const request = { file, modelsFolder: join(folder, 'models') };
    const wire = { ...request, name: 'toonify', fileName: 'toonify.pt' };
    const message = expect.stringMatching(/^toonify\.pt /);
    await expect(importCheckpoint(wire)).rejects.toMatchObject({ message });
    await mkdir(file);
    await expect(importCheckpoint(wire)).rejects.toMatchObject({ message });
    await rmdir(file);
    await writeFile(file, 'no checkpoint');
    await expect(importCheckpoint(wire)).rejects.toMatchObject({ message });
  }));
