import { PspError } from '../../protocol/errors';
import { unknownModel, type ModelPackage } from '../models/modelStore';
import type { Operation } from '../operations/operation';

/**
 * Best first: the user's own over those that ship with the product, then what draws larger, then what was
 * installed later. Whoever was not told which model to take takes the first that serves.
 */
export function bestFirst(models: readonly ModelPackage[]): readonly ModelPackage[] {
  return [...models].sort(
    (a, b) =>
      Number(a.embedded) - Number(b.embedded) ||
      b.resolution - a.resolution ||
      b.installedAtMs - a.installedAtMs ||
      (a.name < b.name ? -1 : 1),
  );
}

/**
 * The named model, or the best installed one that serves the operation.
 * @throws PspError NOT_FOUND, MODEL_MISSING, BAD_INPUT
 */
export function findModel(
  models: readonly ModelPackage[],
  operation: Operation,
  name: string | null,
): ModelPackage {
  const { label, modelHint } = operation.declaration;
  if (name === null) {
    const found = bestFirst(models).find((model) => serves(model, operation));
    if (found) return found;
    throw new PspError(
      'MODEL_MISSING',
      `${label} needs a model that is not installed. Import ${modelHint} with "psp-layers models import FILE" or on the panel's models page.`,
    );
  }
  const named = models.find((model) => model.name === name);
  if (!named) throw unknownModel(name, models);
  if (!serves(named, operation)) {
    throw new PspError(
      'BAD_INPUT',
      `The model "${name}" was made for ${named.operations.join(', ')}, not for ${label}. Import ${modelHint}.`,
    );
  }
  return named;
}

export const serves = (model: ModelPackage, operation: Operation): boolean =>
  operation.servedBy.some((id) => model.operations.includes(id));
