import { readFile } from 'node:fs/promises';
import { decodeDirections, type Direction } from '../../models/convert';
import { PspError } from '../../protocol/errors';
import type { ModelPackage } from './modelStore';

export type { Direction };

/** By path, which names one file for good. */
const known = new Map<string, Promise<readonly Direction[]>>();

/**
 * The directions of a model's codes; none where its package has none.
 * @throws PspError BAD_INPUT when the file cannot be read
 */
export function readDirections(model: ModelPackage): Promise<readonly Direction[]> {
  const path = model.directionsPath;
  if (path === null) return Promise.resolve([]);
  const read = known.get(path) ?? decode(path, model);
  known.set(path, read);
  // A retry may find the file mended.
  read.catch(() => known.delete(path));
  return read;
}

async function decode(path: string, model: ModelPackage): Promise<readonly Direction[]> {
  try {
    return decodeDirections(await readFile(path), model.nStyles, model.styleDim);
  } catch (cause) {
    const reason = String((cause as { message?: unknown } | null)?.message ?? cause);
    throw new PspError(
      'BAD_INPUT',
      `The model "${model.name}" is damaged: ${reason} Remove it and import it again.`,
      { cause },
    );
  }
}
