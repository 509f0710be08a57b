import { createHash, randomBytes } from 'node:crypto';
import { readdir, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { isRunning } from '../isRunning';

/** Machines of a farm write into one folder, and know only their own processes. */
const machine = createHash('sha256').update(hostname()).digest('hex').slice(0, 8);

const pattern = /^\.psp-layers-([0-9a-f]{8})-(\d+)-[0-9a-f]+\.part$/;

/** No draft is written to for so long. */
const abandonedMs = 24 * 60 * 60 * 1000;

/** A hidden name in a folder that is cleaned up when this process has died. */
export const draftIn = (folder: string): string =>
  join(folder, `.psp-layers-${machine}-${process.pid}-${randomBytes(6).toString('hex')}.part`);

const swept = new Map<string, Promise<void>>();

/** Removes what killed processes have left in a folder; once in a process. Failures are no matter. */
export function sweepDrafts(folder: string): Promise<void> {
  const known = swept.get(folder) ?? sweep(folder).catch(() => undefined);
  swept.set(folder, known);
  return known;
}

async function sweep(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const [, host, pid] = pattern.exec(name) ?? [];
    if (pid === undefined) continue;
    const file = join(folder, name);
    const isOrphan = host === machine && !isRunning(Number(pid));
    if (isOrphan || Date.now() - (await stat(file)).mtimeMs > abandonedMs) {
      await rm(file, { force: true });
    }
  }
}
