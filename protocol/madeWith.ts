import type { OperationDeclaration } from './operation';
import { completeParameters, type ParameterValues } from './parameter';

/** How a layer was made: enough to tell it from a photograph, and to make it again. */
export interface MadeWith {
  readonly operation: string;
  readonly model: string;
  /** `null` where nothing was drawn by chance. */
  readonly seed: number | null;
  /** The operation's other parameters, by their names. */
  readonly settings: ParameterValues;
}

/** @param parameters those that were given: the others had their defaults */
export function madeWith(
  operation: OperationDeclaration,
  parameters: ParameterValues,
  { model, seed }: Pick<MadeWith, 'model' | 'seed'>,
): MadeWith {
  // Each layer is one variant, of its own seed.
  const { variants, seed: first, ...settings } = completeParameters(operation, parameters);
  void [variants, first];
  return { operation: operation.id, model, seed, settings };
}
