import { boolean, list, matching, object, oneOf, openOneOf, type Decoder } from './decode';
import { parameter, type ParameterDeclaration } from './parameter';
import { label, sentence } from './texts';

/** What an operation reads of the layer. */
export const operationInputs = ['face', 'sketch', 'label-map', 'face-or-layer'] as const;
export type OperationInput = (typeof operationInputs)[number];

/** How a result is joined with what the layer held. */
export const compositions = [
  /** The generator's pixels. */
  'replace',
  /** The layer's own pixels plus what the edit changes of them. */
  'change',
  /** The layer below its own resolution, the generator above. */
  'band',
  /** The hole alone; everything around it untouched. */
  'fill',
] as const;
export type Composition = (typeof compositions)[number];

/**
 * One operation, declared once: panel, GIMP dialog, command line, validation and docs derive from it.
 * The registry (bridge-server/operations/registry.ts) is the only list of them.
 */
export interface OperationDeclaration<
  P extends readonly ParameterDeclaration[] = readonly ParameterDeclaration[],
> {
  /** Small letters, digits and "-": its name on the wire, in settings and on the command line. */
  readonly id: string;
  readonly label: string;
  readonly summary: string;
  readonly input: OperationInput;
  readonly composition: Composition;
  /** Whether a hole (selection, mask file or transparency) is read. */
  readonly mask: 'none' | 'required';
  /** Whether every variant is drawn from a seed. */
  readonly variants: boolean;
  readonly parameters: P;
  /** What to import when no model for it is installed. */
  readonly modelHint: string;
}

export const operationId = matching(
  /^[a-z][a-z0-9-]{0,63}$/,
  'an operation\'s name: small letters, digits and "-"',
);

export const operation: Decoder<OperationDeclaration> = object({
  id: operationId,
  label,
  summary: sentence,
  input: oneOf(...operationInputs),
  composition: openOneOf('replace', ...compositions),
  mask: oneOf('none', 'required'),
  variants: boolean,
  parameters: list(parameter, 64),
  modelHint: sentence,
});
