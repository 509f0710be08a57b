import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gimpPlugIn, installPlugIn } from '../../../bridge-server/cli/pythonPlugIn';
import { DrivenEditor } from '../../support/drivenEditor';
import { gimpRoot, supportFolder } from './gimpRoot';

/** Everything that is not needed slows GIMP's first start by seconds. */
const neededPlugIns = ['python-eval', 'script-fu', 'file-png', 'file-psd'];
const plugInsOfGimp = '/usr/lib/x86_64-linux-gnu/gimp/3.0/plug-ins';

/** Keys for what a user would find in the menu: a test presses them instead. */
const shortcuts = `(file-version 1)
(action "psp-layers-edit" "<Primary><Alt>e")
(action "psp-layers-frontalize" "<Primary><Alt>f")
(action "psp-layers-resample-style" "<Primary><Alt>r")
(action "psp-layers-select-part" "<Primary><Alt>p")
`;

export interface GimpSessionOptions {
  readonly bridgePort: number;
  /** What the plug-in would start the bridge with. */
  readonly bridgeCommand?: readonly string[];
  /** With a window, on a screen of its own. */
  readonly screen?: boolean;
}

/** A running GIMP 3 with the plug-in installed, driven by pieces of Python (see driver.py). */
export class GimpSession {
  private constructor(
    /** GIMP's home; the same path inside and outside of its root. */
    readonly folder: string,
    private readonly gimp: DrivenEditor,
  ) {}

  /** Where the user's token lies for a plug-in that runs in `folder`. */
  static userFolder = (folder: string): string => join(folder, '.config', 'psp-layers');

  static async makeFolder(): Promise<string> {
    const folder = await mkdtemp('/tmp/psp-layers-gimp-');
    await mkdir(GimpSession.userFolder(folder), { recursive: true });
    return folder;
  }

  static async start(folder: string, options: GimpSessionOptions): Promise<GimpSession> {
    if (!('path' in gimpRoot)) throw new Error(gimpRoot.missing);
    const root = gimpRoot.path;
    await prepareFolder(folder, root, options);
    const script = join(folder, options.screen ? 'startWindow.sh' : 'startConsole.sh');
    const gimp = await DrivenEditor.start((port) => [
      join(supportFolder, '..', 'enter.sh'),
      ...[root, folder, 'sh', script],
      `import sys; sys.path.insert(0, "${folder}"); import driver; driver.serve(${port})`,
    ]);
    return new GimpSession(folder, gimp);
  }

  /** Runs Python in GIMP, one piece after another, with everything in driver.py at hand. */
  run<T>(python: string): Promise<T> {
    return this.gimp.run(python);
  }

  log = (): string => this.gimp.log();

  async close(): Promise<void> {
    await this.gimp.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}

async function prepareFolder(
  folder: string,
  root: string,
  options: GimpSessionOptions,
): Promise<void> {
  const plugIns = join(folder, 'plug-ins');
  for (const name of neededPlugIns) {
    await cp(join(root, plugInsOfGimp, name), join(plugIns, name), { recursive: true });
  }
  await installPlugIn(gimpPlugIn, {
    into: [plugIns],
    port: options.bridgePort,
    command: options.bridgeCommand ?? [],
    home: GimpSession.userFolder(folder),
  });
  for (const file of ['driver.py', 'startConsole.sh', 'startWindow.sh']) {
    await cp(join(supportFolder, file), join(folder, file));
  }
  const settings = join(folder, '.config', 'GIMP', '3.0');
  await mkdir(settings, { recursive: true });
  await writeFile(join(settings, 'shortcutsrc'), shortcuts);
  await writeFile(
    join(settings, 'gimprc'),
    [
      `(plug-in-path "${plugIns}")`,
      // Each of these would open a window that waits for an answer.
      '(show-welcome-dialog no)',
      '(check-updates no)',
      '(color-profile-policy keep)',
      '(config-version "3.0.4")',
      '',
    ].join('\n'),
  );
}
