import { readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** GIMP 3.0 and whatever follows; 2.x has another interface for plug-ins. */
const supportedVersion = /^3\.\d+$/;
/** Made when GIMP has not run yet. */
const firstVersion = '3.0';

export interface Surroundings {
  readonly platform: NodeJS.Platform;
  readonly env: NodeJS.ProcessEnv;
  readonly home: string;
}

export const hereAndNow = (): Surroundings => ({
  platform: process.platform,
  env: process.env,
  home: homedir(),
});

/** Where GIMP keeps a user's settings, one folder for each of its versions within. */
function settingsFolders({ platform, env, home }: Surroundings): readonly string[] {
  switch (platform) {
    case 'win32':
      return [join(env['APPDATA'] ?? join(home, 'AppData', 'Roaming'), 'GIMP')];
    case 'darwin':
      return [join(home, 'Library', 'Application Support', 'GIMP')];
    default:
      return [
        join(env['XDG_CONFIG_HOME'] ?? join(home, '.config'), 'GIMP'),
        // Snap moves the home folder; Flatpak's GIMP uses the one above.
        join(home, 'snap', 'gimp', 'current', '.config', 'GIMP'),
      ];
  }
}

/** The plug-in folders of every GIMP 3 that this user has run; the first version's when there is none. */
export function gimpPlugInFolders(surroundings: Surroundings): readonly string[] {
  const folders = settingsFolders(surroundings);
  const found = folders.flatMap((folder) =>
    versionsIn(folder).map((version) => join(folder, version, 'plug-ins')),
  );
  return found.length > 0 ? found : [join(folders[0]!, firstVersion, 'plug-ins')];
}

function versionsIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).filter((name) => supportedVersion.test(name));
  } catch {
    return [];
  }
}
