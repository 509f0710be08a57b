import type { OperationDeclaration } from '../../protocol/operation';
import type { ParameterDeclaration, ParameterValue } from '../../protocol/parameter';
import { Option, type Command } from 'commander';

/**
 * One option for every parameter of every operation, from their declarations. An operation that lacks
 * one refuses it by itself.
 */
export function addParameterOptions(
  command: Command,
  operations: readonly OperationDeclaration[],
): Command {
  for (const parameter of distinctParameters(operations)) command.addOption(optionOf(parameter));
  return command.option(
    '--set <name=value>',
    'Any parameter by its name, as often as wanted: --set smile=0.6 --set head=-10',
    (entry: string, before: readonly string[] = []) => [...before, entry],
  );
}

/**
 * What the user typed, as parameter values: options that were not given are left out. A switch can only
 * be turned off; Commander says true of those that were not.
 */
export function parameterValues(
  options: Readonly<Record<string, unknown>>,
  operations: readonly OperationDeclaration[],
): Record<string, ParameterValue> {
  const given = distinctParameters(operations).filter(({ kind, name }) =>
    kind === 'switch' ? options[name] === false : options[name] !== undefined,
  );
  return Object.fromEntries([
    ...given.map((parameter) => [parameter.name, parse(parameter, options[parameter.name])]),
    ...((options['set'] ?? []) as readonly string[]).map((entry) =>
      parseSetting(entry, operations),
    ),
  ]);
}

/** "smile=0.6"; a name that no operation has is left for the declaration's own check to name. */
function parseSetting(
  entry: string,
  operations: readonly OperationDeclaration[],
): [string, ParameterValue] {
  const [name = '', ...rest] = entry.split('=');
  const text = rest.join('=');
  const parameter = distinctParameters(operations).find((declared) => declared.name === name);
  if (parameter?.kind === 'switch' && (text === 'true' || text === 'false')) {
    return [name, text === 'true'];
  }
  return [name, parameter && parameter.kind !== 'switch' ? parse(parameter, text) : text];
}

function distinctParameters(operations: readonly OperationDeclaration[]): ParameterDeclaration[] {
  const all = operations.flatMap((operation) => operation.parameters);
  return [...new Map(all.map((parameter) => [parameter.name, parameter])).values()];
}

function optionOf(parameter: ParameterDeclaration): Option {
  const name = parameter.name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  switch (parameter.kind) {
    case 'switch':
      return new Option(`--no-${name}`, `Turns off: ${parameter.hint}`);
    case 'choice':
    case 'set': {
      const values = parameter.choices.map((choice) => choice.value);
      const list = parameter.kind === 'set' ? `${values.join(',')}` : values.join('|');
      return new Option(`--${name} <${list}>`, parameter.hint);
    }
    default:
      return new Option(`--${name} <number>`, parameter.hint);
  }
}

/** Text to value; what does not fit is left for the declaration's own check to name. */
function parse(parameter: ParameterDeclaration, given: unknown): ParameterValue {
  if (parameter.kind === 'switch') return false;
  const text = String(given);
  if (parameter.kind === 'set') return text.split(',').map((entry) => entry.trim());
  if (parameter.kind === 'choice' || text.trim() === '') return text;
  const number = Number(text);
  return Number.isNaN(number) ? text : number;
}
