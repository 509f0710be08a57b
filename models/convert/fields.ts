import { ConvertError } from './errors';

/** Readers of the values in a `model.json`: each gives the value or says what belongs there. */

export type Fields = Readonly<Record<string, unknown>>;

export function readRecord(value: unknown, field: string): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  throw wrong(field, value, 'an object');
}

export function readText(
  value: unknown,
  field: string,
  accepts: (text: string) => boolean = (text) => text.length > 0,
  expected = 'a text',
  maxLength = 2000,
): string {
  if (typeof value === 'string' && value.length <= maxLength && accepts(value)) return value;
  throw wrong(field, value, expected);
}

/** For lines of a list: a file's name, a domain. */
export const readLabel = (value: unknown, field: string): string =>
  readText(value, field, (text) => text.length > 0, 'a text of at most 200 characters', 200);

export function readCount(value: unknown, field: string, max = 65_536): number {
  if (typeof value === 'number' && Number.isInteger(value) && value > 0 && value <= max) {
    return value;
  }
  throw wrong(field, value, `a whole number from 1 to ${max}`);
}

export function readChoice<T extends string>(
  value: unknown,
  field: string,
  choices: readonly T[],
): T {
  const choice = choices.find((candidate) => candidate === value);
  if (choice !== undefined) return choice;
  throw wrong(field, value, `one of ${choices.join(', ')}`);
}

/** @param length exactly so many; any number above 0 when left out */
export function readList<T>(
  value: unknown,
  field: string,
  read: (item: unknown, field: string) => T,
  length?: number,
): T[] {
  if (Array.isArray(value) && value.length > 0 && value.length === (length ?? value.length)) {
    return value.map((item: unknown, i) => read(item, `${field}[${i}]`));
  }
  throw wrong(field, value, length === undefined ? 'a list' : `a list of ${length}`);
}

export const wrong = (field: string, value: unknown, expected: string): ConvertError =>
  new ConvertError(
    'CORRUPT',
    `model.json: ${field} is ${JSON.stringify(value)?.slice(0, 100)}; it should be ${expected}.`,
  );
