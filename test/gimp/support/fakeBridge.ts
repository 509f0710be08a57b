import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startTestServer, type TestServer } from '../../support/bridgeServer';
import { GimpSession, type GimpSessionOptions } from './gimpSession';

export interface FilterEnd {
  readonly ok: boolean;
  readonly message: string;
}

/** The real server with the scripted processor behind it, and a GIMP that is paired with it. */
export async function startPair(
  options: Partial<GimpSessionOptions> = {},
): Promise<{ readonly gimp: GimpSession; readonly server: TestServer }> {
  const server = await startTestServer();
  const folder = await GimpSession.makeFolder();
  await giveToken(folder, server.token);
  const gimp = await GimpSession.start(folder, { bridgePort: server.port, ...options });
  return { gimp, server };
}

export const giveToken = (folder: string, token: string): Promise<void> =>
  writeFile(join(GimpSession.userFolder(folder), 'token'), token);
