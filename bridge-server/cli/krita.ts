import type { Command } from 'commander';
import { join } from 'node:path';
import { hereAndNow, type Surroundings } from './gimpFolders';
import { plugInCommand, type EditorWithPlugIn } from './plugInCommand';
import { kritaPlugIn } from './pythonPlugIn';

/** Krita's resource folder has one place on each system; sandboxes have their own. */
export function kritaPlugInFolder({ platform, env, home }: Surroundings): string {
  switch (platform) {
    case 'win32':
      return join(env['APPDATA'] ?? join(home, 'AppData', 'Roaming'), 'krita', 'pykrita');
    case 'darwin':
      return join(home, 'Library', 'Application Support', 'krita', 'pykrita');
    default:
      return join(env['XDG_DATA_HOME'] ?? join(home, '.local', 'share'), 'krita', 'pykrita');
  }
}

export const krita: EditorWithPlugIn = {
  plugIn: kritaPlugIn,
  folders: () => [kritaPlugInFolder(hereAndNow())],
  next: 'Start Krita, tick pSp Layers in Settings › Configure Krita › Python Plugin Manager, and start it again: the docker is in Settings › Dockers › pSp Layers.',
};

export const kritaCommand = (write: (line: string) => void): Command => plugInCommand(krita, write);
