import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export interface RealBridge {
  readonly port: number;
  stop(): Promise<void>;
}

const command = join(__dirname, '..', '..', 'dist', 'bridge-server', 'cli', 'main.js');

/** The bridge as a user starts it, in a process of its own, on any free port. */
export async function startRealBridge(home: string): Promise<RealBridge> {
  const bridge = spawn(process.execPath, [command, 'serve', '--port', '0'], {
    env: { ...process.env, PSP_LAYERS_HOME: home, PSP_LAYERS_PROVIDER: 'cpu' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const said: string[] = [];
  for await (const line of createInterface({ input: bridge.stderr })) {
    said.push(line);
    const port = /port (\d+)/.exec(line)?.[1];
    if (port) return { port: Number(port), stop: () => stop(bridge) };
  }
  throw new Error(`the bridge ended at once: ${said.join('\n')}`);
}

async function stop(bridge: ChildProcess): Promise<void> {
  bridge.kill('SIGTERM');
  if (bridge.exitCode === null) await once(bridge, 'exit');
}
