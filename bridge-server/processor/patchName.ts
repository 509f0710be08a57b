import { operations } from '../operations/registry';
import type { Operation } from '../operations/operation';

const separator = ' · ';

/** "Frontalize · face 2 · starter · seed 7": enough to repeat it. */
export function patchName(
  operation: Operation,
  faceNumber: number | null,
  model: string,
  seed: number | null,
): string {
  const parts = [operation.declaration.label];
  if (faceNumber !== null) parts.push(`face ${faceNumber}`);
  parts.push(model);
  if (seed !== null) parts.push(`seed ${seed}`);
  return parts.join(separator);
}

/** Whether a layer's name says that an operation made it; editors add words at the end of a copy's. */
export const isPatchName = (name: string): boolean =>
  operations.declarations.some(({ label }) => name.startsWith(label + separator));
