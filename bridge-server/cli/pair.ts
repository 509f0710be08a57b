import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Command } from 'commander';
import { object, text } from '../../protocol/decode';
import { PspError } from '../../protocol/errors';
import { defaultPort } from '../../protocol/limits';
import { proofOf } from '../../protocol/proof';
import { userFolder } from '../folders';
import type { Invitation } from '../pages/createPages';
import { invitationPurpose } from '../pairing/challenges';
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
      if (open) await openPage(invitation.pageUrl);
    });
}

async function askForInvitation(port: number): Promise<Invitation> {
  const notRunning = (cause: unknown): PspError =>
    new PspError(
      'CONNECTION_LOST',
      `No bridge of yours answers on port ${port}. Start it with "psp-layers serve".`,
      { retryable: true, cause },
    );
  const ask = (path: string, init: RequestInit = {}): Promise<Response> =>
    fetch(`http://127.0.0.1:${port}${path}`, { ...init, signal: AbortSignal.timeout(5000) });
  try {
    const token = (await readFile(tokenPath(userFolder()), 'utf8')).trim();
    const clientNonce = randomBytes(16).toString('hex');
    const challenge: unknown = await (await ask(`/challenge/${clientNonce}`)).json();
    const { nonce, proof } = decodeChallenge(challenge, 'challenge');
    const greeting = { port, instance: invitationPurpose, clientNonce, serverNonce: nonce };
    // Whoever holds the port learns nothing unless it has the token itself.
    if (proof !== proofOf(token, 'server', greeting))
      throw new Error('It does not know the token.');
    const mine = proofOf(token, 'client', greeting);
    const response = await ask('/invitation', {
      method: 'POST',
      headers: { authorization: `Proof ${clientNonce} ${nonce} ${mine}` },
    });
    if (!response.ok) throw new Error(await response.text());
    return (await response.json()) as Invitation;
  } catch (error) {
    throw notRunning(error);
  }
}

const decodeChallenge = object({ nonce: text(64), proof: text(64) });

export function showInvitation(invitation: Invitation, terminal: Terminal): void {
  const { pairingCode, pageUrl, expiresInMs } = invitation;
  terminal.out(`Page:         ${pageUrl}`);
  terminal.out(`Pairing code: ${pairingCode}   (for Photoshop)`);
  terminal.log(`Each works once, for ${expiresInMs / 60_000} minutes.`);
}

/**
 * Opens our page without its one-time code in any command line, which all users of a machine can read:
 * the browser is given a file of this user's, and that leads it on.
 */
export async function openPage(pageUrl: string): Promise<void> {
  const file = join(userFolder(), 'open-page.html');
  const page = `<!doctype html><meta charset="utf-8"><title>pSp Layers</title>
<meta http-equiv="refresh" content="0;url=${pageUrl}"><a href="${pageUrl}">pSp Layers</a>
`;
  // The address is on the terminal, should any of this not work.
  await rm(file, { force: true })
    .then(() => writeFile(file, page, { mode: 0o600, flag: 'wx' }))
    .then(() => openInBrowser(pathToFileURL(file).href))
    .catch(() => undefined);
}

function openInBrowser(url: string): void {
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
