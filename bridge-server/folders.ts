import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

/** The folder of the installed product: what ships beside the code (models, the page) lies under it. */
export const packageFolder: string = findPackageFolder(__dirname);

export const productVersion: string = (
  JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')) as { version: string }
).version;

function findPackageFolder(start: string): string {
  return existsSync(join(start, 'package.json')) ? start : findPackageFolder(dirname(start));
}

/** The user's own folder: imported models, token, caches. `PSP_LAYERS_HOME` moves it. */
export function userFolder(env: NodeJS.ProcessEnv = process.env): string {
  const chosen = env['PSP_LAYERS_HOME'];
  if (chosen) return chosen;
  switch (process.platform) {
    case 'win32':
      return join(env['APPDATA'] ?? join(homedir(), 'AppData', 'Roaming'), 'pSp Layers');
    case 'darwin':
      return join(homedir(), 'Library', 'Application Support', 'pSp Layers');
    default:
      return join(env['XDG_CONFIG_HOME'] ?? join(homedir(), '.config'), 'psp-layers');
  }
}
