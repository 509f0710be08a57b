import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { PspError, toPspError } from '../protocol/errors';
import { processTerminal } from '../bridge-server/cli/terminal';
import { packageFolder } from '../bridge-server/folders';
import { importCheckpoint } from '../bridge-server/models/importCheckpoint';

/**
 * Makes the embedded starter from the checkpoints that models/training wrote, by the same road as any
 * other checkpoint: `npm run models:starter -- FOLDER`.
 */
const operations = [
  'reconstruct',
  'frontalize',
  'super-resolve',
  'inpaint',
  'sketch-to-face',
] as const;
/** Taken along where it was trained. */
const optional = 'sketch-to-face';
const starterFolder = join(packageFolder, 'models', 'starter');

async function packStarter(checkpoints: string): Promise<void> {
  const terminal = processTerminal();
  const files = new Set(await readdir(checkpoints));
  const missing = operations.filter((operation) => !files.has(`${operation}.pt`));
  if (missing.some((operation) => operation !== optional)) {
    throw new PspError(
      'BAD_INPUT',
      `${checkpoints} lacks ${missing.map((operation) => `${operation}.pt`).join(', ')}. Train them first.`,
    );
  }
  for (const entry of await readdir(starterFolder, { withFileTypes: true })) {
    if (entry.isDirectory() && /^(shared|starter-.*)$/.test(entry.name)) {
      await rm(join(starterFolder, entry.name), { recursive: true });
    }
  }
  for (const operation of operations.filter((each) => !missing.includes(each))) {
    const { folder, model } = await importCheckpoint({
      file: join(checkpoints, `${operation}.pt`),
      modelsFolder: starterFolder,
      name: `starter-${operation}`,
      precision: 'float16',
    });
    terminal.out(`${folder}: ${model.resolution}², ${model.nStyles} × ${model.styleDim}`);
  }
}

packStarter(process.argv[2] ?? '.').catch((error: unknown) => {
  processTerminal().log(`models:starter: ${toPspError(error).message}`);
  process.exitCode = 1;
});
