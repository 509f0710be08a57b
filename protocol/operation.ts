import { PspError } from './errors';

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

export interface NumberParameter {
  readonly kind: 'number';
  readonly name: string;
  readonly label: string;
  readonly hint: string;
  readonly default: number;
  readonly min: number;
  readonly max: number;
  readonly step: number;
}

export interface SeedParameter {
  readonly kind: 'seed';
  readonly name: string;
  readonly label: string;
  readonly hint: string;
  readonly default: number;
  readonly min: 0;
  readonly max: 4294967295;
}

export interface ChoiceParameter {
  readonly kind: 'choice';
  readonly name: string;
  readonly label: string;
  readonly hint: string;
  readonly default: string;
  readonly choices: readonly { readonly value: string; readonly label: string }[];
}

/** Several of the listed values at once; at least one. */
export interface SetParameter {
  readonly kind: 'set';
  readonly name: string;
  readonly label: string;
  readonly hint: string;
  readonly default: readonly string[];
  readonly choices: readonly { readonly value: string; readonly label: string }[];
}

export interface SwitchParameter {
  readonly kind: 'switch';
  readonly name: string;
  readonly label: string;
  readonly hint: string;
  readonly default: boolean;
}

export type ParameterDeclaration =
  NumberParameter | SeedParameter | ChoiceParameter | SetParameter | SwitchParameter;

export type ParameterValue = number | string | boolean | readonly string[];
export type ParameterValues = Readonly<Record<string, ParameterValue>>;

/** What a declared parameter's value is, once it was checked. */
export type ValueOf<D extends ParameterDeclaration> = D extends ChoiceParameter
  ? D['choices'][number]['value']
  : D extends SetParameter
    ? readonly D['choices'][number]['value'][]
    : D extends SwitchParameter
      ? boolean
      : number;

/** Values by name, typed from their declarations. */
export type ValuesOf<P extends readonly ParameterDeclaration[]> = {
  readonly [D in P[number] as D['name']]: ValueOf<D>;
};

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

/**
 * Checks values against a declaration and fills in the defaults.
 * @throws PspError BAD_INPUT naming the parameter, the value met and the values allowed.
 */
export function completeParameters(
  declaration: Pick<OperationDeclaration, 'label' | 'parameters'>,
  values: Readonly<Record<string, unknown>>,
): ParameterValues {
  const known = new Set(declaration.parameters.map((parameter) => parameter.name));
  for (const name of Object.keys(values)) {
    if (!known.has(name)) {
      const list = [...known].join(', ') || 'none';
      throw new PspError(
        'BAD_INPUT',
        `${declaration.label} has no parameter "${name}". It has: ${list}.`,
      );
    }
  }
  return Object.fromEntries(
    declaration.parameters.map((parameter) => [
      parameter.name,
      completeParameter(parameter, values[parameter.name]),
    ]),
  );
}

function completeParameter(parameter: ParameterDeclaration, value: unknown): ParameterValue {
  if (value === undefined) return parameter.default;
  const refuse = (allowed: string): never => {
    throw new PspError(
      'BAD_INPUT',
      `${parameter.label} cannot be ${JSON.stringify(value)}. Use ${allowed}.`,
    );
  };
  switch (parameter.kind) {
    case 'number':
    case 'seed': {
      const whole = parameter.kind === 'seed' || Number.isInteger(parameter.step);
      const fits =
        typeof value === 'number' &&
        value >= parameter.min &&
        value <= parameter.max &&
        (!whole || Number.isInteger(value));
      const kind = whole ? 'a whole number' : 'a number';
      return fits ? value : refuse(`${kind} from ${parameter.min} to ${parameter.max}`);
    }
    case 'switch':
      return typeof value === 'boolean' ? value : refuse('true or false');
    case 'choice': {
      const allowed = parameter.choices.map((choice) => choice.value);
      return typeof value === 'string' && allowed.includes(value)
        ? value
        : refuse(`one of ${allowed.join(', ')}`);
    }
    case 'set': {
      const allowed = parameter.choices.map((choice) => choice.value);
      const fits =
        Array.isArray(value) &&
        value.length > 0 &&
        value.every((entry) => typeof entry === 'string' && allowed.includes(entry));
      // Declared order, no repeats: equal requests are equal values.
      return fits
        ? allowed.filter((entry) => value.includes(entry))
        : refuse(`one or more of ${allowed.join(', ')}`);
    }
  }
}
