import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  importInProcess,
  type ImportOptions,
} from '../../../bridge-server/importer/importInProcess';
import { createModelUploads } from '../../../bridge-server/importer/modelUploads';
import { createModelStore } from '../../../bridge-server/models/modelStore';
import { makeCheckpoint } from '../../support/checkpoints';
import { withFolder } from '../../support/models';

const real = join(__dirname, '../../support/importer.main.js');
const bad = join(__dirname, '../../support/badImporter.main.js');

describe('whatever a checkpoint makes of its process, it ends with a reason and leaves nothing', () => {
  test.each<[string, string, Partial<ImportOptions>]>([
    ['circles', 'BAD_CHECKPOINT', { limits: { silenceMs: 500 } }],
    ['circles', 'BAD_CHECKPOINT', { limits: { totalMs: 500 } }],
    ['circles', 'CANCELLED', { limits: { cancelGraceMs: 200 }, signal: AbortSignal.timeout(200) }],
    ['dies', 'OUT_OF_MEMORY', {}],
    ['hoards', 'BAD_CHECKPOINT', { limits: { heapBytes: 64 * 2 ** 20 } }],
  ])('%s: %s', (file, code, options) =>
    withFolder(async (modelsFolder) => {
      const importing = importInProcess({ file, modelsFolder }, { entry: bad, ...options });
      await expect(importing).rejects.toMatchObject({ code });
      expect(await readdir(modelsFolder)).toEqual([]);
    }),
  );

  test('more memory than it may have', () =>
    withFolder(async (folder) => {
      const file = join(folder, 'model.pt');
      const modelsFolder = join(folder, 'models');
      await writeFile(file, await makeCheckpoint());
      const importing = importInProcess(
        { file, modelsFolder },
        { entry: real, limits: { memoryBytes: 2 ** 20 } },
      );
      await expect(importing).rejects.toMatchObject({ code: 'BAD_CHECKPOINT' });
      expect(await readdir(modelsFolder)).toEqual([]);
    }));
});

test('what a killed server left behind goes at the next start', () =>
  withFolder(async (folder) => {
    const gone = 2 ** 22 + 1; // above every process id
    await mkdir(join(folder, `.import-${gone}-00`));
    await writeFile(join(folder, `.upload-${gone}-00`), 'half a checkpoint');
    await writeFile(join(folder, `.upload-${process.pid}-00`), 'of a server that lives');
    await createModelUploads(createModelStore(join(folder, 'none'), folder), folder);
    expect(await readdir(folder)).toEqual([`.upload-${process.pid}-00`]);
  }));
