import { Command } from 'commander';
import { join } from 'node:path';
import { defaultPort } from '../../protocol/limits';
import { packageFolder, userFolder } from '../folders';
import { parsePort } from './parsePort';
import { installPlugIn, type PythonPlugIn } from './pythonPlugIn';

export interface EditorWithPlugIn {
  readonly plugIn: PythonPlugIn;
  /** Where the editor of this user looks for plug-ins. */
  folders(): readonly string[];
  /** What is to be done after the installing. */
  readonly next: string;
}

/** Into the editor's own folders unless others are named. @throws PspError OUTPUT_FAILED */
export async function installFor(
  { plugIn, folders, next }: EditorWithPlugIn,
  { port, into = folders() }: { readonly port: number; readonly into?: readonly string[] },
): Promise<{ readonly folders: readonly string[]; readonly next: string }> {
  const installed = await installPlugIn(plugIn, {
    into,
    port,
    command: [process.execPath, join(packageFolder, 'dist', 'bridge-server', 'cli', 'main.js')],
    home: userFolder(),
  });
  return { folders: installed, next };
}

/** `psp-layers EDITOR install`; the caller adds it to its program and prints with `write`. */
export function plugInCommand(editor: EditorWithPlugIn, write: (line: string) => void): Command {
  const { plugIn } = editor;
  const command = new Command(plugIn.editor.toLowerCase());
  command.description(`The plug-in for ${plugIn.editor}`);
  command
    .command('install')
    .description(`Put the plug-in into ${plugIn.editor}'s folder for plug-ins`)
    .option('--folder <path>', `a folder that ${plugIn.editor} searches for plug-ins`)
    .option('--port <number>', 'the port of the bridge', parsePort, defaultPort)
    .action(async (options: { readonly folder?: string; readonly port: number }) => {
      const { folder, port } = options;
      const { folders, next } = await installFor(
        editor,
        folder ? { port, into: [folder] } : { port },
      );
      for (const each of folders) write(`Installed ${each}`);
      write(next);
    });
  return command;
}
