import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gimpCommand } from '../../../bridge-server/cli/gimp';
import { gimpPlugInFolders } from '../../../bridge-server/cli/gimpFolders';
import { kritaCommand, kritaPlugInFolders } from '../../../bridge-server/cli/krita';
import { gimpPlugIn, installPlugIn } from '../../../bridge-server/cli/pythonPlugIn';
import { isPspError } from '../../../protocol/errors';
import { connectClient, stopAll } from '../../support/bridgeServer';
import { startServerProcess } from '../../support/serverProcess';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'psp-layers-gimp-'));
});
afterEach(() => rm(home, { recursive: true, force: true }));

const options = (folder: string) => ({
  into: [folder],
  port: 9477,
  command: ['/usr/bin/node', '/opt/psp-layers/main.js'],
  home: '/home/user/.config/psp-layers',
});

test('the plug-in is a folder with an executable of the same name', async () => {
  const [target] = await installPlugIn(gimpPlugIn, options(home));
  expect(target).toBe(join(home, 'psp-layers'));
  expect((await stat(join(target!, 'psp-layers.py'))).mode & 0o111).toBe(0o111);
  expect(existsSync(join(target!, 'psp_client', 'operations.json'))).toBe(true);
  expect(JSON.parse(await readFile(join(target!, 'psp_client', 'bridge.json'), 'utf8'))).toEqual({
    port: 9477,
    command: ['/usr/bin/node', '/opt/psp-layers/main.js'],
    home: '/home/user/.config/psp-layers',
  });
});

test('installing again replaces all of it and leaves nothing beside it', async () => {
  await installPlugIn(gimpPlugIn, options(home));
  await writeFile(join(home, 'psp-layers', 'of-an-older-version.py'), '');
  await installPlugIn(gimpPlugIn, options(home));
  expect(await readdir(home)).toEqual(['psp-layers']);
  expect(await readdir(join(home, 'psp-layers'))).not.toContain('of-an-older-version.py');
});

test('a folder that cannot be made is told in words', async () => {
  await writeFile(join(home, 'file'), '');
  const failure: unknown = await installPlugIn(gimpPlugIn, options(join(home, 'file'))).catch(
    (e) => e,
  );
  expect(isPspError(failure) && failure.code).toBe('OUTPUT_FAILED');
});

test('every GIMP 3 of the user is served, and no GIMP 2', async () => {
  const settings = join(home, '.config', 'GIMP');
  for (const version of ['2.10', '3.0', '3.2']) {
    await mkdir(join(settings, version), { recursive: true });
  }
  const folders = gimpPlugInFolders({ platform: 'linux', env: {}, home });
  expect(folders).toEqual([join(settings, '3.0', 'plug-ins'), join(settings, '3.2', 'plug-ins')]);
});

test.each([
  ['linux', {}, ['.config', 'GIMP', '3.0', 'plug-ins']],
  ['darwin', {}, ['Library', 'Application Support', 'GIMP', '3.0', 'plug-ins']],
  ['win32', {}, ['AppData', 'Roaming', 'GIMP', '3.0', 'plug-ins']],
] as const)('before GIMP has run on %s its first folder is made', (platform, env, path) => {
  expect(gimpPlugInFolders({ platform, env, home })).toEqual([join(home, ...path)]);
});

test('the command installs into a chosen folder', async () => {
  const lines: string[] = [];
  const folder = join(home, 'plug-ins');
  await gimpCommand((line) => lines.push(line)).parseAsync(
    ['install', '--folder', folder, '--port', '9500'],
    { from: 'user' },
  );
  expect(lines[0]).toBe(`Installed ${join(folder, 'psp-layers')}`);
  const { port } = JSON.parse(
    await readFile(join(folder, 'psp-layers', 'psp_client', 'bridge.json'), 'utf8'),
  );
  expect(port).toBe(9500);
});

test.each([
  ['linux', {}, ['.local', 'share', 'krita', 'pykrita']],
  ['darwin', {}, ['Library', 'Application Support', 'krita', 'pykrita']],
  ['win32', {}, ['AppData', 'Roaming', 'krita', 'pykrita']],
] as const)('Krita on %s has one folder', (platform, env, path) => {
  expect(kritaPlugInFolders({ platform, env, home })).toEqual([join(home, ...path)]);
});

test("the Microsoft Store's Krita has a folder of its own", async () => {
  const store = join(home, 'Packages', '49800Krita_abc', 'LocalCache', 'Roaming');
  await mkdir(store, { recursive: true });
  const env = { APPDATA: join(home, 'Roaming'), LOCALAPPDATA: home };
  expect(kritaPlugInFolders({ platform: 'win32', env, home })).toEqual(
    [join(home, 'Roaming'), store].map((folder) => join(folder, 'krita', 'pykrita')),
  );
});

test("Krita's plug-in is a folder, the client in it, and a file that names it", async () => {
  const lines: string[] = [];
  await kritaCommand((line) => lines.push(line)).parseAsync(['install', '--folder', home], {
    from: 'user',
  });
  expect(lines[0]).toBe(`Installed ${join(home, 'psp_layers')}`);
  expect((await readdir(home)).sort()).toEqual(['psp_layers', 'psp_layers.desktop']);
  expect(await readdir(join(home, 'psp_layers', 'psp_client'))).toContain('bridge.json');
});

test('the bridge puts both into the folders of its user, with its own port', async () => {
  const server = await startServerProcess({
    PSP_LAYERS_HOME: join(home, 'bridge'),
    HOME: home,
    XDG_CONFIG_HOME: join(home, 'config'),
    XDG_DATA_HOME: join(home, 'data'),
  });
  try {
    const client = await connectClient(server);
    const gimp = join(home, 'config', 'GIMP', '3.0', 'plug-ins', 'psp-layers');
    const krita = join(home, 'data', 'krita', 'pykrita', 'psp_layers');
    expect(await client.installPlugIn('gimp')).toEqual({
      folders: [gimp],
      next: expect.stringContaining('Restart GIMP') as string,
    });
    expect((await client.installPlugIn('krita')).folders).toEqual([krita]);
    for (const folder of [gimp, krita]) {
      const written = await readFile(join(folder, 'psp_client', 'bridge.json'), 'utf8');
      expect(JSON.parse(written)).toMatchObject({ port: server.port, home: join(home, 'bridge') });
    }
  } finally {
    await stopAll();
    await server.stop();
  }
}, 60_000);
