import { chmod, cp, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { PspError } from '../../protocol/errors';
import { packageFolder } from '../folders';

/** A plug-in for an editor that runs Python: its own files, and the client that all of them share. */
export interface PythonPlugIn {
  readonly editor: string;
  /** The folder that is installed, and where the client lies in it. */
  readonly folder: string;
  readonly client: string;
  /** What is installed, by its place in the editor's folder of plug-ins: files and folders of the product. */
  readonly contents: Readonly<Record<string, string>>;
  /** Of these the editor runs only what may be executed; an archive or Windows may have lost that. */
  readonly executable?: string;
}

const hosts = join('plugin', 'hosts');
const client = join(hosts, 'python', 'psp_client');

export const gimpPlugIn: PythonPlugIn = {
  editor: 'GIMP',
  folder: 'psp-layers',
  client: 'psp-layers/psp_client',
  contents: {
    'psp-layers': join(hosts, 'gimp', 'psp-layers'),
    'psp-layers/psp_client': client,
  },
  executable: 'psp-layers/psp-layers.py',
};

export const kritaPlugIn: PythonPlugIn = {
  editor: 'Krita',
  folder: 'psp_layers',
  client: 'psp_layers/psp_client',
  contents: {
    psp_layers: join(hosts, 'krita', 'psp_layers'),
    'psp_layers/psp_client': client,
    'psp_layers.desktop': join(hosts, 'krita', 'psp_layers.desktop'),
  },
};

export interface InstallOptions {
  /** Folders that the editor searches for plug-ins; the plug-in's own is made in each. */
  readonly into: readonly string[];
  readonly port: number;
  /** What starts the bridge: a program and its first arguments, absolute paths. */
  readonly command: readonly string[];
  /** The user's folder, where the bridge keeps its token. */
  readonly home: string;
}

/**
 * Puts the plug-in into each folder, replacing an earlier one as a whole.
 * @returns the plug-in's folders
 * @throws PspError OUTPUT_FAILED, and then the earlier one is still there
 */
export async function installPlugIn(
  plugIn: PythonPlugIn,
  options: InstallOptions,
): Promise<readonly string[]> {
  const { into, port, command, home } = options;
  for (const folder of into) {
    // Complete beside its place first: the editor may start at any moment.
    const fresh = join(folder, `.psp-layers-${process.pid}`);
    try {
      for (const [name, source] of Object.entries(plugIn.contents)) {
        await mkdir(dirname(join(fresh, name)), { recursive: true });
        await cp(join(packageFolder, source), join(fresh, name), {
          recursive: true,
          filter: (path) => !path.includes('__pycache__'),
        });
      }
      await writeFile(
        join(fresh, plugIn.client, 'bridge.json'),
        `${JSON.stringify({ port, command, home }, null, 2)}\n`,
      );
      if (plugIn.executable) await chmod(join(fresh, plugIn.executable), 0o755);
      for (const name of topLevel(plugIn)) {
        await rm(join(folder, name), { recursive: true, force: true });
        await rename(join(fresh, name), join(folder, name));
      }
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new PspError(
        'OUTPUT_FAILED',
        `The ${plugIn.editor} plug-in could not be put into ${folder}: ${reason}. Close ${plugIn.editor} and try again, or choose another folder with --folder.`,
        { cause },
      );
    } finally {
      // What hindered the writing may hinder the tidying; the first reason is the one to tell.
      await rm(fresh, { recursive: true, force: true }).catch(() => undefined);
    }
  }
  return into.map((folder) => join(folder, plugIn.folder));
}

const topLevel = ({ contents }: PythonPlugIn): readonly string[] =>
  Object.keys(contents).filter((name) => !name.includes('/'));
