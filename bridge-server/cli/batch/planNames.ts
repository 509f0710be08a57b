import { basename, dirname, join, parse } from 'node:path';
import { defaultOutput } from '../chooseOutput';

export interface NamedInput {
  readonly input: string;
  /** Where its result goes. */
  readonly folder: string;
}

export interface NamedResult {
  readonly input: string;
  readonly output: string;
}

/**
 * One name for each input's result, and no two the same, not even where capitals do not count:
 * photo.jpg → photo-frontalize.psd; photo.png beside it → photo-png-frontalize.psd; the photo.jpg of
 * another folder, roll-2, → photo-roll-2-frontalize.psd. Depends on the set of inputs, not on their order.
 * @param remembered names given earlier: kept, and given to no other input
 */
export function planNames(
  inputs: readonly NamedInput[],
  operation: string,
  remembered: readonly NamedResult[] = [],
): ReadonlyMap<string, string> {
  const folders = new Map(inputs.map(({ input, folder }) => [input, folder]));
  const known = remembered.filter(
    ({ input, output }) =>
      folders.get(input) === dirname(output) && parse(output).name.endsWith(`-${operation}`),
  );
  const names = new Map(known.map(({ input, output }) => [input, output]));
  const taken = new Set(remembered.map(({ output }) => fold(output)));
  const take = (input: string, output: string): boolean => {
    if (taken.has(fold(output))) return false;
    taken.add(fold(output));
    names.set(input, output);
    return true;
  };
  const fresh = inputs.filter(({ input }) => !names.has(input)).sort(byInput);
  // Plain names first, so that no file's second choice takes the first of another.
  const second = fresh.filter(({ input, folder }) => {
    const output = defaultOutput(join(folder, basename(input)), operation);
    return !take(input, output);
  });
  const perStem = new Map<string, number>();
  for (const { input } of inputs) {
    perStem.set(stemOf(input), (perStem.get(stemOf(input)) ?? 0) + 1);
  }
  for (const { input, folder } of second) {
    const { name, ext, dir } = parse(input);
    const kind = ext.slice(1);
    const both = `${name}-${basename(dir)}-${kind}`;
    const twins = perStem.get(stemOf(input))! > 1;
    const stems = [twins ? `${name}-${kind}` : `${name}-${basename(dir)}`, both];
    const attempt = (stem: string): boolean =>
      take(input, defaultOutput(join(folder, stem + ext), operation));
    if (stems.some(attempt)) continue;
    for (let number = 2; !attempt(`${both}-${number}`); number += 1);
  }
  return names;
}

const byInput = (a: NamedInput, b: NamedInput): number =>
  a.input < b.input ? -1 : a.input > b.input ? 1 : 0;

const stemOf = (file: string): string => fold(join(dirname(file), parse(file).name));

const fold = (file: string): string =>
  join(dirname(file), basename(file).normalize('NFC').toLowerCase());
