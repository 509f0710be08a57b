import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { operations } from '../bridge-server/operations/registry';

/** Where GIMP's plug-in reads what it offers; committed, because a plug-in folder is installed as it is. */
export const operationsFile = 'plugin/hosts/gimp/psp-layers/operations.json';

/** The declarations as GIMP reads them: one source for every host. */
export function formatOperations(version: string): string {
  return `${JSON.stringify({ version, operations: operations.declarations }, null, 2)}\n`;
}

export function packageVersion(root: string): string {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    version: string;
  };
  return version;
}

if (require.main === module) {
  const root = process.cwd();
  writeFileSync(join(root, operationsFile), formatOperations(packageVersion(root)));
}
