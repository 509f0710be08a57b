import { readdirSync } from 'node:fs';
import type { Command } from 'commander';
import { join } from 'node:path';
import { hereAndNow, type Surroundings } from './gimpFolders';
import { plugInCommand, type EditorWithPlugIn } from './plugInCommand';
import { kritaPlugIn } from './pythonPlugIn';

/**
 * Krita's resource folder has one place on each system, and the Microsoft Store's Krita another
 * (docs.krita.org, reference_manual/resource_management).
 */
export function kritaPlugInFolders({ platform, env, home }: Surroundings): readonly string[] {
  switch (platform) {
    case 'win32': {
      const roaming = env['APPDATA'] ?? join(home, 'AppData', 'Roaming');
      const local = env['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local');
      return [roaming, ...storeFolders(join(local, 'Packages'))].map(pykrita);
    }
    case 'darwin':
      return [pykrita(join(home, 'Library', 'Application Support'))];
    default:
      return [pykrita(env['XDG_DATA_HOME'] ?? join(home, '.local', 'share'))];
  }
}

const pykrita = (folder: string): string => join(folder, 'krita', 'pykrita');

/** What the Store's Krita sees as the roaming folder. */
function storeFolders(packages: string): readonly string[] {
  try {
    return readdirSync(packages)
      .filter((name) => name.startsWith('49800Krita_'))
      .map((name) => join(packages, name, 'LocalCache', 'Roaming'));
  } catch {
    return [];
  }
}

export const krita: EditorWithPlugIn = {
  plugIn: kritaPlugIn,
  folders: () => kritaPlugInFolders(hereAndNow()),
  next: 'Start Krita, tick pSp Layers in Settings › Configure Krita › Python Plugin Manager, and start it again: the docker is in Settings › Dockers › pSp Layers.',
};

export const kritaCommand = (write: (line: string) => void): Command => plugInCommand(krita, write);
