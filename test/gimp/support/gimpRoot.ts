import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

export const supportFolder = __dirname;

/** A machine that cannot build the root says so with this status. */
const cannotBuild = 75;

type GimpRoot = { readonly path: string } | { readonly missing: string };

/** Builds on first use; jest collects its tests synchronously, so this has to be synchronous too. */
function findGimpRoot(): GimpRoot {
  const script = join(supportFolder, '..', 'root.sh');
  const { status, stdout, stderr } = spawnSync(script, { encoding: 'utf8' });
  if (status === 0) return { path: stdout.trim() };
  const reason = stderr.trim().split('\n').at(-1) ?? '';
  if (status === cannotBuild) return { missing: reason };
  throw new Error(`${script} failed with ${status}: ${stderr}`);
}

export const gimpRoot = findGimpRoot();

/** A suite that needs a real GIMP: skipped by name, and loudly, where there can be none. */
export function describeGimp(name: string, tests: () => void): void {
  if ('path' in gimpRoot) {
    describe(name, tests);
    return;
  }
  process.stderr.write(`\nSKIPPED: ${name}. ${gimpRoot.missing}\n`);
  describe.skip(`${name} (skipped: ${gimpRoot.missing})`, tests);
}
