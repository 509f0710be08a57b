import { spawnSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { installPlugIn, kritaPlugIn } from '../../../bridge-server/cli/pythonPlugIn';
import { DrivenEditor } from '../../support/drivenEditor';

/** Debian has Krita 5 with its Python in `krita`, `python3-pyqt5`. */
const missing = ['krita', 'xvfb-run', 'openbox'].filter(
  (program) => spawnSync('which', [program]).status !== 0,
);

/** A suite that needs a real Krita: skipped by name, and loudly, where there is none. */
export function describeKrita(name: string, tests: () => void): void {
  if (missing.length === 0) {
    describe(name, tests);
    return;
  }
  const reason = `${missing.join(', ')} not installed`;
  process.stderr.write(`\nSKIPPED: ${name}. ${reason}\n`);
  describe.skip(`${name} (skipped: ${reason})`, tests);
}

/** A layer as the driver describes it. */
export interface LayerDump {
  readonly name: string;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly visible: boolean;
  readonly depth: string;
  readonly profile: string;
  /** Files: blue, green, red and alpha in the layer's depth, and one byte a pixel. */
  readonly pixels: string;
  readonly mask: string | null;
}

const settings = `[python]
enable_driver=true
enable_psp_layers=true

[theme]
Theme=Krita dark
`;

/** A running Krita 5 with the plug-in installed, driven by pieces of Python (see driver/). */
export class KritaSession {
  private constructor(
    /** Krita's home. */
    readonly folder: string,
    private readonly krita: DrivenEditor,
  ) {}

  /** Where the user's token lies for a plug-in that runs in `folder`. */
  static userFolder = (folder: string): string => join(folder, '.config', 'psp-layers');

  static async makeFolder(): Promise<string> {
    const folder = await mkdtemp('/tmp/psp-layers-krita-');
    await mkdir(KritaSession.userFolder(folder), { recursive: true });
    return folder;
  }

  static async start(folder: string, bridgePort: number): Promise<KritaSession> {
    const plugIns = join(folder, '.local', 'share', 'krita', 'pykrita');
    await installPlugIn(kritaPlugIn, {
      into: [plugIns],
      port: bridgePort,
      command: [],
      home: KritaSession.userFolder(folder),
    });
    await cp(join(__dirname, 'driver'), join(plugIns, 'driver'), { recursive: true });
    await cp(join(__dirname, 'driver.desktop'), join(plugIns, 'driver.desktop'));
    await writeFile(join(folder, '.config', 'kritarc'), settings);
    const krita = await DrivenEditor.start(
      (port) => [
        'xvfb-run',
        '-a',
        '-s',
        '-screen 0 1440x900x24',
        'sh',
        '-c',
        `openbox & PSP_LAYERS_DRIVER_PORT=${port} exec krita --nosplash`,
      ],
      { env: { PATH: '/usr/bin:/bin', HOME: folder, LANG: 'C.UTF-8' } },
    );
    return new KritaSession(folder, krita);
  }

  /** Runs Python in Krita, one piece after another, with everything in driver/ at hand. */
  run<T>(python: string): Promise<T> {
    return this.krita.run(python);
  }

  log = (): string => this.krita.log();

  async close(): Promise<void> {
    await this.krita.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}
