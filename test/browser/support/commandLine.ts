import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const main = join(__dirname, '..', '..', '..', 'dist', 'bridge-server', 'cli', 'main.js');

export interface Serving {
  /** What the terminal tells the user to open. */
  readonly pageUrl: string;
  stop(): Promise<void>;
}

/** `psp-layers serve` as a user starts it, in a folder of its own. */
export async function serve(): Promise<Serving> {
  const home = mkdtempSync(join(tmpdir(), 'psp-layers-home-'));
  const child = spawn(process.execPath, [main, 'serve', '--port', '0'], {
    env: { ...process.env, PSP_LAYERS_HOME: home },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let printed = '';
  const pageUrl = await new Promise<string>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`serve ended with ${code}: ${printed}`)));
    child.stdout.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
      const found = /http:\/\/\S+#pair=\S+/.exec(printed);
      if (found) resolve(found[0]);
    });
  });
  return {
    pageUrl,
    async stop() {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** `psp-layers apply` with its defaults, as a user would run it. */
export async function apply(input: string, operation: string, output: string): Promise<void> {
  const command = [main, 'apply', input, '--operation', operation, '--output', output];
  await promisify(execFile)(process.execPath, command);
}
