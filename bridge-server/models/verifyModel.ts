import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { packageFiles, type ModelPackage } from './modelStore';

/** What is wrong with the model's files as a sentence, or `null`. */
export async function verifyModel(model: ModelPackage): Promise<string | null> {
  for (const [role, path] of packageFiles(model)) {
    const sha256 = await hashFile(path).catch(() => null);
    if (sha256 === null) return `its ${role} (${path}) is missing. Import the checkpoint again.`;
    if (sha256 !== model.checksums[role]) {
      return `its ${role} (${path}) was changed after it was written. Import the checkpoint again.`;
    }
  }
  return null;
}

async function hashFile(path: string): Promise<string> {
  // A pipe would keep us waiting for ever.
  if (!(await stat(path)).isFile()) throw new Error(`${path} is no file.`);
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 2 ** 20 }), hash);
  return hash.digest('hex');
}
