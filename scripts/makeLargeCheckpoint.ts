/**
 * Proves that an official checkpoint converts in bounded time and memory: writes one of the official
 * layout and size (1.2 GB) with random weights, imports it, and prints seconds and peak memory.
 *
 *     node dist/scripts/makeLargeCheckpoint.js FILE.pt          writes the checkpoint only
 *     node dist/scripts/makeLargeCheckpoint.js FILE.pt FOLDER   and imports it into FOLDER
 */
import { open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { importCheckpoint } from '../bridge-server/models/importCheckpoint';
import { writeRandomCheckpoint } from '../test/checkpoints/checkpointWriter';
import { officialSizes } from '../test/checkpoints/pspLayout';

/** Random weights, but the layout, sizes and options of psp_ffhq_encode.pt. */
export async function makeLargeCheckpoint(path: string): Promise<void> {
  const file = await open(path, 'w');
  try {
    const opts = { dataset_type: 'ffhq_encode', encoder_type: 'GradualStyleEncoder' };
    await writeRandomCheckpoint((bytes) => file.writeFile(bytes), officialSizes, opts, 1);
  } finally {
    await file.close();
  }
}

async function main([path, modelsFolder]: readonly string[]): Promise<void> {
  if (path === undefined) throw new Error('Name the file to write.');
  await makeLargeCheckpoint(path);
  const { size } = await stat(path);
  print(`${basename(path)}: ${(size / 1e9).toFixed(2)} GB`);
  if (modelsFolder === undefined) return;
  const started = performance.now();
  const { model } = await importCheckpoint({ file: path, modelsFolder });
  const seconds = (performance.now() - started) / 1000;
  // Kilobytes, on every platform of Node.
  const peak = process.resourceUsage().maxRSS / 1e6;
  print(`imported as "${model.name}" in ${seconds.toFixed(1)} s, at most ${peak.toFixed(2)} GB`);
}

const print = (line: string): void => void process.stdout.write(`${line}\n`);

if (require.main === module) {
  main(process.argv.slice(2)).catch((error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    process.exitCode = 1;
  });
}
