import {
  boolean,
  finite,
  list,
  object,
  oneOf,
  text,
  variants,
  type Decoder,
  type Infer,
} from './decode';
import { PspError } from './errors';
import { label, sentence } from './texts';

/** Seeds are 32-bit numbers, 0..`maxSeed`. */
export const maxSeed = 4294967295;

const named = { name: label, label, hint: sentence };
const choices = list(object({ value: text(64), label }), 64);

/** What a parameter may be, as panel, dialog, command line and validation read it. */
export const parameter = variants('kind', {
  number: { ...named, default: finite, min: finite, max: finite, step: finite },
  seed: { ...named, default: finite, min: oneOf(0), max: oneOf(maxSeed) },
  choice: { ...named, default: text(64), choices },
  /** Several of the listed values at once; at least one. */
  set: { ...named, default: list(text(64), 64), choices },
  switch: { ...named, default: boolean },
});
export type ParameterDeclaration = Infer<typeof parameter>;
type Declared<K extends ParameterDeclaration['kind']> = Extract<
  ParameterDeclaration,
  { readonly kind: K }
>;
export type NumberParameter = Declared<'number'>;
export type SeedParameter = Declared<'seed'>;
export type ChoiceParameter = Declared<'choice'>;
export type SetParameter = Declared<'set'>;
export type SwitchParameter = Declared<'switch'>;

export type ParameterValue = number | string | boolean | readonly string[];
export type ParameterValues = Readonly<Record<string, ParameterValue>>;

export const parameterValue: Decoder<ParameterValue> = (value, path) => {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'number') return finite(value, path);
  if (Array.isArray(value)) return list(text(64), 64)(value, path);
  return text(64)(value, path);
};

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
 * Checks values against a declaration and fills in the defaults.
 * @throws PspError BAD_INPUT naming the parameter, the value met and the values allowed.
 */
export function completeParameters(
  declaration: { readonly label: string; readonly parameters: readonly ParameterDeclaration[] },
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
