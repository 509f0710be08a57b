import { readFile } from 'node:fs/promises';
import { parse, join } from 'node:path';
import { PspError } from '../../protocol/errors';
import { type Latents, decodeNpy, encodeNpy } from '../../protocol/latents';
import { writeFileAtomically } from '../documents/writeFileAtomically';
import type { LayerPatch } from '../operations/job';

/** @throws PspError BAD_INPUT when the file cannot be read or holds no latents */
export async function readLatents(file: string): Promise<Latents> {
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw new PspError('BAD_INPUT', `${file} cannot be read.`, { cause });
  });
  return decodeNpy(bytes);
}

/** One .npy for each layer, named after the output; answers their names. */
export async function writeLatents(
  output: string,
  patches: readonly LayerPatch[],
): Promise<string[]> {
  const { dir, name } = parse(output);
  const files: string[] = [];
  for (const [index, { latents }] of patches.entries()) {
    const file = join(dir, `${name}-latents-${index + 1}.npy`);
    await writeFileAtomically(file, (sink) => sink.write(encodeNpy(latents)));
    files.push(file);
  }
  return files;
}
