import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import pino from 'pino';
import { defaultPort } from '../../protocol/limits';
import { productVersion, userFolder } from '../folders';
import { createModelUploads } from '../importer/modelUploads';
import { openModelStore, userModelsFolder } from '../openProcessor';
import { startServer, type RunningServer } from '../serve';
import type { CommandContext } from './context';
import { gimp } from './gimp';
import { krita } from './krita';
import { LogFile } from './logFile';
import { openPage, showInvitation } from './pair';
import { parseOwnPort } from './parsePort';
import { installFor } from './plugInCommand';
import type { Terminal } from './terminal';

interface ServeCommandOptions {
  readonly port: number;
  readonly open?: true;
  readonly log?: string;
}

export function addServeCommand(program: Command, { terminal }: CommandContext): void {
  program
    .command('serve')
    .description('Start the bridge for Photoshop, GIMP and the browser')
    .option('--port <number>', 'where to listen, on this machine only', parseOwnPort, defaultPort)
    .option('--open', 'open the page in the browser')
    .option('--log <file>', 'where to log, - for the terminal; bridge.log in your folder otherwise')
    .action((options: ServeCommandOptions) => serve(options, terminal));
}

async function serve(options: ServeCommandOptions, terminal: Terminal): Promise<void> {
  const home = userFolder();
  mkdirSync(home, { recursive: true, mode: 0o700 });
  keepGoingWithoutTerminal();
  const log = pino(
    {},
    options.log === '-' ? process.stderr : new LogFile(options.log ?? join(home, 'bridge.log')),
  );
  const server: RunningServer = await startServer({
    version: productVersion,
    userFolder: home,
    storage: await createModelUploads(openModelStore(), userModelsFolder()),
    installPlugIn: (editor) => installFor({ gimp, krita }[editor], { port: server.port }),
    log,
    port: options.port,
  });
  welcome(server, terminal);
  if (options.open) await openPage(server.invite().pageUrl);
  if (process.stdin.isTTY) process.stdin.on('data', () => invite(server, terminal));
  await stopSignal();
  terminal.log('Stopping: the running job may finish, waiting ones are handed back.');
  process.stdin.pause();
  await server.stop();
}

/** A terminal that was closed, or a full disk behind it, ends no server. */
function keepGoingWithoutTerminal(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
}

function welcome(server: RunningServer, terminal: Terminal): void {
  terminal.log(
    `pSp Layers ${productVersion} listens on port ${server.port}, on this machine only.`,
  );
  invite(server, terminal);
  const again = process.stdin.isTTY ? 'Press Enter for new ones, ' : 'Press ';
  terminal.log(`${again}Ctrl-C to stop.`);
}

const invite = (server: RunningServer, terminal: Terminal): void =>
  showInvitation(server.invite(), terminal);

function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGTERM', () => resolve());
    process.once('SIGINT', () => resolve());
  });
}
