import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';

export interface Slurm {
  /** What its commands need besides. */
  readonly env: { readonly SLURM_CONF: string };
  stop(): void;
}

/** A Slurm of one node with two processors, all of it in this folder. */
export async function startSlurm(folder: string): Promise<Slurm> {
  const at = (name: string): string => join(folder, name);
  for (const name of ['state', 'spool']) mkdirSync(at(name), { recursive: true });
  writeFileSync(at('munge.key'), randomBytes(1024), { mode: 0o600 });
  writeFileSync(at('slurm.conf'), await configuration(at));
  const env = { SLURM_CONF: at('slurm.conf') };
  const munge = {
    key: 'key-file',
    socket: 'socket',
    pid: 'pid-file',
    log: 'log-file',
    seed: 'seed-file',
  };
  // --force: the folder is not one of the system's.
  const options = Object.entries(munge).map(
    ([name, option]) => `--${option}=${at(`munge.${name}`)}`,
  );
  await startDaemon('munged', [...options, '--force'], env);
  await startDaemon('slurmctld', [], env);
  await startDaemon('slurmd', [], env);
  return {
    env,
    stop() {
      for (const name of ['slurmd.pid', 'slurmctld.pid', 'munge.pid']) {
        process.kill(Number(readFileSync(at(name), 'utf8')), 'SIGTERM');
      }
    },
  };
}

async function configuration(at: (name: string) => string): Promise<string> {
  const host = hostname().split('.')[0]!;
  const [controller, daemon] = [await freePort(), await freePort()];
  return `ClusterName=test
SlurmctldHost=${host}(127.0.0.1)
SlurmctldPort=${controller}
SlurmdPort=${daemon}
SlurmUser=root
AuthType=auth/munge
# A requeued task waits until its old credential has expired.
AuthInfo=socket=${at('munge.socket')},cred_expire=5
CredType=cred/munge
StateSaveLocation=${at('state')}
SlurmdSpoolDir=${at('spool')}
SlurmctldPidFile=${at('slurmctld.pid')}
SlurmdPidFile=${at('slurmd.pid')}
SlurmctldLogFile=${at('slurmctld.log')}
SlurmdLogFile=${at('slurmd.log')}
ProctrackType=proctrack/pgid
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
ReturnToService=2
MailProg=/bin/true
NodeName=${host} NodeAddr=127.0.0.1 CPUs=2 State=UNKNOWN
PartitionName=all Nodes=${host} Default=YES MaxTime=INFINITE State=UP
`;
}

/** Resolves when it runs by itself; it keeps what it was given as output, so that is nothing. */
async function startDaemon(
  program: string,
  args: readonly string[],
  env: Slurm['env'],
): Promise<void> {
  const [code] = await once(
    spawn(program, args, {
      env: { ...process.env, ...env },
      stdio: 'ignore',
    }),
    'exit',
  );
  if (code !== 0) throw new Error(`${program} ended with ${code}`);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** Whether a program is on the path. */
export function has(program: string): boolean {
  try {
    execFileSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
