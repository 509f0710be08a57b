import { copyFile, cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { zipFolder } from '../zipFolder';
import { runWebpack } from '../bundle';
import { photoshopBundle } from './bundle';

interface Manifest {
  readonly version: string;
}

/** Files of the package besides the two scripts, and where they come from. */
const files: Readonly<Record<string, string>> = {
  'manifest.json': 'manifest.json',
  'index.html': 'plugin/hosts/photoshop/index.html',
  'panel.css': 'plugin/panel/panel.css',
};

/** Puts the whole plug-in into `folder`, which UXP Developer Tool can load as it is. */
export async function buildPlugin(root: string, folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const [to, from] of Object.entries(files)) {
    await copyFile(join(root, from), join(folder, to));
  }
  await cp(join(root, 'plugin/hosts/photoshop/icons'), join(folder, 'icons'), {
    recursive: true,
    filter: (source) => !source.endsWith('.svg'),
  });
  await runWebpack(photoshopBundle(root, folder));
}

/** Builds the folder `photoshop` in `out` and the installable package beside it; answers the package's path. */
export async function packagePlugin(root: string, out: string): Promise<string> {
  const folder = join(out, 'photoshop');
  await buildPlugin(root, folder);
  const manifest = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')) as Manifest;
  const ccx = join(out, `psp-layers-${manifest.version}.ccx`);
  // A .ccx is a plain zip, the manifest at its root; no signature is needed to side-load it.
  await writeFile(ccx, await zipFolder(folder));
  return ccx;
}

if (require.main === module) {
  packagePlugin(process.cwd(), join(process.cwd(), 'build')).then(
    (ccx) => process.stdout.write(`${relative(process.cwd(), ccx)}\n`),
    (error: unknown) => {
      process.stderr.write(`${String(error)}\n`);
      process.exitCode = 1;
    },
  );
}
