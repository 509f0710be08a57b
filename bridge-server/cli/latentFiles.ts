import { readFile } from 'node:fs/promises';
import { decodeNpy, encodeNpy, type Latents } from '../../protocol/latents';
import {
  writeFileAtomically,
  type OnDraft,
  type Target,
  type WrittenFile,
} from '../documents/writeFileAtomically';
import { requireFile, unreadable } from '../fileErrors';
import type { LayerPatch } from '../processor/job';

/** @throws PspError BAD_INPUT when the file cannot be read or holds no latents */
export async function readLatents(file: string): Promise<Latents> {
  await requireFile(file);
  const bytes = await readFile(file).catch((error: unknown) => {
    throw unreadable(file, error);
  });
  return decodeNpy(bytes);
}

/** One .npy for each layer. */
export async function writeLatents(
  targets: readonly Target[],
  patches: readonly LayerPatch[],
  onDraft?: OnDraft,
): Promise<WrittenFile[]> {
  const written: WrittenFile[] = [];
  for (const [index, { latents }] of patches.entries()) {
    const bytes = encodeNpy(latents);
    written.push(await writeFileAtomically(targets[index]!, (sink) => sink.write(bytes), onDraft));
  }
  return written;
}
