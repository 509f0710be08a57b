import { Command } from 'commander';
import { join } from 'node:path';
import { defaultPort } from '../../protocol/limits';
import { packageFolder, userFolder } from '../folders';
import { parsePort } from './parsePort';
import { installPlugIn, type PythonPlugIn } from './pythonPlugIn';

export interface EditorCommand {
  readonly plugIn: PythonPlugIn;
  /** Where the editor of this user looks for plug-ins. */
  folders(): readonly string[];
  /** What is to be done after the installing. */
  readonly next: string;
}

/** `psp-layers EDITOR install`; the caller adds it to its program and prints with `write`. */
export function plugInCommand(
  { plugIn, folders, next }: EditorCommand,
  write: (line: string) => void,
): Command {
  const command = new Command(plugIn.editor.toLowerCase());
  command.description(`The plug-in for ${plugIn.editor}`);
  command
    .command('install')
    .description(`Put the plug-in into ${plugIn.editor}'s folder for plug-ins`)
    .option('--folder <path>', `a folder that ${plugIn.editor} searches for plug-ins`)
    .option('--port <number>', 'the port of the bridge', parsePort, defaultPort)
    .action(async (options: { readonly folder?: string; readonly port: number }) => {
      const placed = await installPlugIn(plugIn, {
        into: options.folder ? [options.folder] : folders(),
        port: options.port,
        command: [process.execPath, join(packageFolder, 'dist', 'bridge-server', 'cli', 'main.js')],
        home: userFolder(),
      });
      for (const folder of placed) write(`Installed ${folder}`);
      write(next);
    });
  return command;
}
