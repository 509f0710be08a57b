import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** `psp-layers serve` as a user starts it: a process of its own with everything real in it. */
export interface ServerProcess {
  readonly url: string;
  readonly token: string;
  readonly port: number;
  readonly userFolder: string;
  readonly process: ChildProcess;
  /** What it has printed so far. */
  output(): string;
  /** Sends SIGTERM and waits; answers the exit code. */
  stop(): Promise<number | null>;
}

export async function startServerProcess(
  env: Readonly<Record<string, string>> = {},
  port = 0,
): Promise<ServerProcess> {
  const userFolder = env['PSP_LAYERS_HOME'] ?? mkdtempSync(join(tmpdir(), 'psp-layers-e2e-'));
  const register = resolve(__dirname, 'register-typescript.js');
  const main = resolve(__dirname, '../../bridge-server/cli/main.ts');
  const child = spawn(process.execPath, ['-r', register, main, 'serve', '--port', String(port)], {
    env: { ...process.env, PSP_LAYERS_HOME: userFolder, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const listening = await new Promise<number>((found, fail) => {
    const read = (text: Buffer): void => {
      output += String(text);
      const match = /localhost:(\d+)\/#pair=/.exec(output);
      if (match) found(Number(match[1]));
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('exit', () => fail(new Error(`The server ended: ${output}`)));
  });
  return {
    url: `ws://localhost:${listening}/`,
    token: readFileSync(join(userFolder, 'token'), 'utf8').trim(),
    port: listening,
    userFolder,
    process: child,
    output: () => output,
    async stop() {
      const lives = child.exitCode === null && child.signalCode === null;
      const exited = lives ? once(child, 'exit') : null;
      child.kill('SIGTERM');
      await exited;
      if (!env['PSP_LAYERS_HOME']) rmSync(userFolder, { recursive: true, force: true });
      return child.exitCode;
    },
  };
}
