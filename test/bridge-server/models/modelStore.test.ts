import { execFileSync } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { importCheckpoint } from '../../../bridge-server/models/importCheckpoint';
import { createModelStore } from '../../../bridge-server/models/modelStore';
import { encodeOpts, makeCheckpoint, smallestSizes } from '../../support/checkpoints';
import { withFolder } from '../../support/models';

const damages: readonly [string, (path: string, good: string) => Promise<unknown>][] = [
  ['not JSON', (path) => writeFile(path, '{')],
  ['empty', (path) => writeFile(path, '')],
  [
    'newer',
    (path, good) => writeFile(path, good.replace('"formatVersion": 2', '"formatVersion": 9')),
  ],
  [
    'overlong',
    (path, good) =>
      writeFile(path, good.replace('"domain": "face', `"domain": "${'x'.repeat(500)}`)),
  ],
  ['huge', (path, good) => writeFile(path, `${good}${' '.repeat(2 ** 20)}`)],
  ['a folder', (path) => mkdir(path)],
  ['a pipe', async (path) => execFileSync('mkfifo', [path])],
  [
    'a path outside',
    (path, good) => writeFile(path, good.replaceAll('../shared/', '../../shared/')),
  ],
];

test.each(process.platform === 'win32' ? damages.filter(([name]) => name !== 'a pipe') : damages)(
  'a model.json that is %s is reported and left out; the others work, and it can be removed',
  (_, damage) =>
    withFolder(async (folder) => {
      const file = join(folder, 'model.pt');
      const models = join(folder, 'models');
      await writeFile(file, await makeCheckpoint());
      await importCheckpoint({ file, modelsFolder: models, name: 'good' });
      await importCheckpoint({ file, modelsFolder: models, name: 'other' });
      await mkdir(join(models, 'bad'));
      const good = await readFile(join(models, 'good', 'model.json'), 'utf8');
      await damage(join(models, 'bad', 'model.json'), good);

      const store = createModelStore(join(folder, 'none'), models);
      const names = async () => (await store.list()).map(({ name }) => name);
      expect(await names()).toEqual(['good', 'other']);
      expect(await store.listUnreadable()).toMatchObject([
        { name: 'bad', folder: join(models, 'bad'), reason: expect.stringMatching(/\S/) },
      ]);
      // What it shares is not known: nothing that is shared may go with another.
      await store.remove('good');
      await store.remove('other');
      expect((await readdir(join(models, 'shared'))).length).toBeGreaterThan(0);
      await store.remove('bad');
      expect(await readdir(models)).toEqual(['shared']);
      expect(await readdir(join(models, 'shared'))).toEqual([]);
    }),
);

test('nothing is written that cannot be read back', () =>
  withFolder(async (folder) => {
    const file = join(folder, 'model.pt');
    await writeFile(
      file,
      await makeCheckpoint(smallestSizes, { ...encodeOpts, domain: 'x'.repeat(300) }),
    );
    const importing = importCheckpoint({ file, modelsFolder: join(folder, 'models') });
    await expect(importing).rejects.toMatchObject({
      code: 'BAD_CHECKPOINT',
      message: expect.stringContaining('domain'),
    });
    expect(await readdir(join(folder, 'models'))).toEqual([]);
  }));
