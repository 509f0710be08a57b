import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gimpPlugIn, kritaPlugIn } from '../bridge-server/cli/pythonPlugIn';
import { packagePlugin } from './photoshop/package';
import { zipFolders } from './zipFolder';

const root = process.cwd();
const out = join(root, 'build');

/** Photoshop's .ccx, GIMP's and Krita's zips and the npm tarball, from what is committed and nothing else. */
async function release(): Promise<void> {
  const changed = execFileSync('git', ['status', '--porcelain'], { encoding: 'utf8' });
  if (changed) throw new Error(`Commit or put away first:\n${changed}`);
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
  if (!readFileSync('CHANGELOG.md', 'utf8').includes(`\n## ${version}\n`)) {
    throw new Error(`CHANGELOG.md says nothing of ${version}: add a section "## ${version}".`);
  }
  mkdirSync(out, { recursive: true });
  const ccx = await packagePlugin(root, out);
  const gimp = join(out, `psp-layers-gimp-${version}.zip`);
  writeFileSync(gimp, await zipFolders(gimpPlugIn.contents));
  const krita = join(out, `psp-layers-krita-${version}.zip`);
  writeFileSync(krita, await zipFolders(kritaPlugIn.contents));
  execFileSync('npm', ['pack', '--pack-destination', out], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  for (const file of [ccx, gimp, krita, join(out, `psp-layers-${version}.tgz`)]) {
    const sha256 = createHash('sha256').update(readFileSync(file)).digest('hex');
    process.stdout.write(`${sha256}  ${basename(file)}\n`);
  }
}

release().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
