import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { gimpPlugIn, installPlugIn } from '../../../bridge-server/cli/pythonPlugIn';
import { gimpRoot, supportFolder } from './gimpRoot';

/** Everything that is not needed slows GIMP's first start by seconds. */
const neededPlugIns = ['python-eval', 'script-fu', 'file-png', 'file-psd'];
const plugInsOfGimp = '/usr/lib/x86_64-linux-gnu/gimp/3.0/plug-ins';

/** Keys for what a user would find in the menu: a test presses them instead. */
const shortcuts = `(file-version 1)
(action "psp-layers-frontalize" "<Primary><Alt>f")
(action "psp-layers-resample-style" "<Primary><Alt>r")
`;

export interface GimpSessionOptions {
  readonly bridgePort: number;
  /** What the plug-in would start the bridge with. */
  readonly bridgeCommand?: readonly string[];
  /** With a window, on a screen of its own. */
  readonly screen?: boolean;
}

interface DriverAnswer {
  readonly answer?: unknown;
  readonly error?: string;
}

/** A running GIMP 3 with the plug-in installed, driven by pieces of Python (see driver.py). */
export class GimpSession {
  private constructor(
    /** GIMP's home; the same path inside and outside of its root. */
    readonly folder: string,
    private readonly gimp: ChildProcess,
    private readonly server: Server,
    private readonly socket: Socket,
    private readonly answers: AsyncIterator<string>,
    /** All that GIMP and the plug-in wrote to stderr and stdout. */
    readonly log: () => string,
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
    await prepareFolder(folder, gimpRoot.path, options);
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    const gimp = spawn(
      join(supportFolder, '..', 'enter.sh'),
      [
        gimpRoot.path,
        folder,
        'sh',
        join(folder, options.screen ? 'startWindow.sh' : 'startConsole.sh'),
        `import sys; sys.path.insert(0, "${folder}"); import driver; driver.serve(${address.port})`,
      ],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    let log = '';
    for (const stream of [gimp.stdout, gimp.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (log += text));
    }
    const ended = once(gimp, 'exit').then(() => {
      throw new Error(`GIMP ended before it was driven:\n${log}`);
    });
    const [socket] = (await Promise.race([once(server, 'connection'), ended])) as [Socket];
    ended.catch(() => undefined);
    const answers = createInterface({ input: socket })[Symbol.asyncIterator]();
    return new GimpSession(folder, gimp, server, socket, answers, () => log);
  }

  /**
   * Runs Python in GIMP, one piece after another, with everything in driver.py at hand.
   * @returns what the piece assigned to `answer`, by way of JSON
   */
  async run<T>(python: string): Promise<T> {
    this.socket.write(`${JSON.stringify(python)}\n`);
    const { value, done } = await this.answers.next();
    if (done) throw new Error(`GIMP ended meanwhile:\n${this.log()}`);
    const { answer, error } = JSON.parse(value) as DriverAnswer;
    if (error !== undefined) throw new Error(`${error}\n${this.log()}`);
    return answer as T;
  }

  async close(): Promise<void> {
    const ended = this.gimp.exitCode === null ? once(this.gimp, 'exit') : null;
    this.socket.end();
    await ended;
    this.server.close();
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
