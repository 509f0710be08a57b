import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

export interface Run {
  readonly out: string;
  readonly log: string;
  readonly code: number | null;
  readonly signal: string | null;
}

export type Command = ChildProcess & { readonly finished: Promise<Run> };

/** `psp-layers` as built, in a process of its own. @param home the user's folder */
export function startCommand(
  home: string,
  args: readonly string[],
  more: NodeJS.ProcessEnv = {},
): Command {
  const env = { ...process.env, PSP_LAYERS_HOME: home, PSP_LAYERS_PROVIDER: 'cpu', ...more };
  const main = join(__dirname, '..', '..', 'dist', 'bridge-server', 'cli', 'main.js');
  const child = spawn(process.execPath, [main, ...args], { env });
  const finished = Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]).then(
    ([out, log, [code, signal]]) => ({ out, log, code, signal }),
  );
  return Object.assign(child, { finished });
}
