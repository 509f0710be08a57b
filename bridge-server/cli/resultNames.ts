import { join, parse } from 'node:path';
import type { ParameterValues } from '../../protocol/parameter';

/** How many files one input's result has. */
export interface ResultCount {
  readonly documents: number;
  readonly latents: number;
}

/** A path, or where it is to be written, for every file of a result. */
export interface ResultFiles<File> {
  readonly documents: readonly File[];
  readonly latents: readonly File[];
}

/**
 * The files of a picture's result: one PSD with all layers, or a flattened PNG for each variant; aligned
 * faces are documents of their own.
 * @param parameters complete ones
 */
export function countResults(
  regions: number,
  parameters: ParameterValues,
  flat: boolean,
  saveLatents: boolean,
): ResultCount {
  const variants = Number(parameters['variants'] ?? 1);
  const latents = saveLatents ? regions * variants : 0;
  if (parameters['size'] === 'native') return { documents: regions * variants, latents };
  return { documents: flat ? variants : 1, latents };
}

/** photo.png; or photo-1.png, photo-2.png, … where there are several; photo-latents-1.npy, … */
export function resultNames(
  output: string,
  { documents, latents }: ResultCount,
): ResultFiles<string> {
  const { dir, name, ext } = parse(output);
  const numbered = (count: number, prefix: string, ending: string): string[] =>
    Array.from({ length: count }, (_, i) => join(dir, `${name}${prefix}-${i + 1}${ending}`));
  return {
    documents: documents === 1 ? [output] : numbered(documents, '', ext),
    latents: numbered(latents, '-latents', '.npy'),
  };
}
