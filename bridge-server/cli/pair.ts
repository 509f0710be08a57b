import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { PspError } from '../../protocol/errors';
import { defaultPort } from '../../protocol/limits';
import { userFolder } from '../folders';
import type { Invitation } from '../pages/createPages';
import { tokenPath } from '../pairing/token';
import type { CommandContext } from './context';
import { parsePort } from './parsePort';
import type { Terminal } from './terminal';

interface PairOptions {
  readonly port: number;
  readonly open?: true;
  readonly json?: true;
}

export function addPairCommand(program: Command, { terminal }: CommandContext): void {
  program
    .command('pair')
    .description('Let Photoshop or a browser use the bridge that is running')
    .option('--port <number>', 'where the bridge listens', parsePort, defaultPort)
    .option('--open', 'open the page in the browser')
    .option('--json', 'print as JSON')
    .action(async ({ port, open, json }: PairOptions) => {
      const invitation = await askForInvitation(port);
      if (json) terminal.out(JSON.stringify(invitation, null, 2));
      else showInvitation(invitation, terminal);
      if (open) openInBrowser(invitation.pageUrl);
    });
}

async function askForInvitation(port: number): Promise<Invitation> {
  const notRunning = (cause: unknown): PspError =>
    new PspError(
      'CONNECTION_LOST',
      `No bridge of yours answers on port ${port}. Start it with "psp-layers serve".`,
      { retryable: true, cause },
    );
  try {
    const token = (await readFile(tokenPath(userFolder()), 'utf8')).trim();
    const response = await fetch(`http://127.0.0.1:${port}/invitation`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(5000),
    });
    if (!response.ok) throw notRunning(new Error(await response.text()));
    return (await response.json()) as Invitation;
  } catch (error) {
    throw notRunning(error);
  }
}

export function showInvitation(invitation: Invitation, terminal: Terminal): void {
  const { pairingCode, pageUrl, expiresInMs } = invitation;
  terminal.out(`Page:         ${pageUrl}`);
  terminal.out(`Pairing code: ${pairingCode}   (for Photoshop)`);
  terminal.log(`Each works once, for ${expiresInMs / 60_000} minutes.`);
}

export function openInBrowser(url: string): void {
  const [command, ...args] =
    process.platform === 'darwin'
      ? ['open', url]
      : process.platform === 'win32'
        ? ['cmd', '/c', 'start', '', url]
        : ['xdg-open', url];
  // Without a desktop there is nothing to open it: the address is on the terminal.
  spawn(command!, args, { stdio: 'ignore', detached: true })
    .on('error', () => undefined)
    .unref();
}
