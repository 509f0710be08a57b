import { Command } from 'commander';
import { chmod, cp, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PspError } from '../../protocol/errors';
import { defaultPort } from '../../protocol/limits';
import { packageFolder, userFolder } from '../folders';
import { gimpPlugInFolders, hereAndNow } from './gimpFolders';
import { parsePort } from './parsePort';

export interface GimpInstallOptions {
  /** Folders that GIMP searches for plug-ins; the plug-in's own is made in each. */
  readonly into: readonly string[];
  readonly port: number;
  /** What starts the bridge: a program and its first arguments, absolute paths. */
  readonly command: readonly string[];
  /** The user's folder, where the bridge keeps its token. */
  readonly home: string;
}

const source = join(packageFolder, 'plugin', 'hosts', 'gimp', 'psp-layers');

/**
 * Puts the plug-in into each folder, replacing an earlier one as a whole.
 * @returns the plug-in's folders
 * @throws PspError OUTPUT_FAILED, and then the earlier one is still there
 */
export async function installGimpPlugIn(options: GimpInstallOptions): Promise<readonly string[]> {
  const { into, port, command, home } = options;
  const placed: string[] = [];
  for (const folder of into) {
    const target = join(folder, 'psp-layers');
    // Complete beside its place first: GIMP may start at any moment.
    const fresh = join(folder, `.psp-layers-${process.pid}`);
    try {
      await mkdir(folder, { recursive: true });
      await cp(source, fresh, { recursive: true, filter: (path) => !path.includes('__pycache__') });
      await writeFile(
        join(fresh, 'bridge.json'),
        `${JSON.stringify({ port, command, home }, null, 2)}\n`,
      );
      // GIMP runs only what may be executed; an archive or Windows may have lost that.
      await chmod(join(fresh, 'psp-layers.py'), 0o755);
      await rm(target, { recursive: true, force: true });
      await rename(fresh, target);
    } catch (cause) {
      // What hindered the writing may hinder the tidying; the first reason is the one to tell.
      await rm(fresh, { recursive: true, force: true }).catch(() => undefined);
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new PspError(
        'OUTPUT_FAILED',
        `The GIMP plug-in could not be put into ${folder}: ${reason}. Close GIMP and try again, or choose another folder with --folder.`,
        { cause },
      );
    }
    placed.push(target);
  }
  return placed;
}

/** `psp-layers gimp install`; the caller adds it to its program and prints with `write`. */
export function gimpCommand(write: (line: string) => void): Command {
  const gimp = new Command('gimp').description('The plug-in for GIMP 3');
  gimp
    .command('install')
    .description("Put the plug-in into GIMP's folder for plug-ins")
    .option('--folder <path>', 'a folder that GIMP searches for plug-ins')
    .option('--port <number>', 'the port of the bridge', parsePort, defaultPort)
    .action(async (options: { readonly folder?: string; readonly port: number }) => {
      const placed = await installGimpPlugIn({
        into: options.folder ? [options.folder] : gimpPlugInFolders(hereAndNow()),
        port: options.port,
        command: [process.execPath, join(packageFolder, 'dist', 'bridge-server', 'cli', 'main.js')],
        home: userFolder(),
      });
      for (const folder of placed) write(`Installed ${folder}`);
      write('Restart GIMP: the filters are in Filters › pSp Layers.');
    });
  return gimp;
}
