import { PspError } from './errors';

/**
 * Turns what came over the wire into a typed value or refuses it; `path` names the place.
 * Fields that are not declared are dropped, so that a newer peer may say more than we know.
 * @throws PspError BAD_MESSAGE
 */
export type Decoder<T> = (value: unknown, path: string) => T;
export type Infer<D> = D extends Decoder<infer T> ? T : never;

function refuse(path: string, wanted: string, value: unknown): never {
  throw new PspError('BAD_MESSAGE', `${path} must be ${wanted}, not ${describe(value)}.`);
}

function describe(value: unknown): string {
  if (value === undefined) return 'missing';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object' && value !== null) return 'an object';
  const text = JSON.stringify(value) ?? typeof value;
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}

export function integer(min: number, max: number): Decoder<number> {
  return (value, path) =>
    typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max
      ? value
      : refuse(path, `a whole number from ${min} to ${max}`, value);
}

export const finite: Decoder<number> = (value, path) =>
  typeof value === 'number' && Number.isFinite(value) ? value : refuse(path, 'a number', value);

export const boolean: Decoder<boolean> = (value, path) =>
  typeof value === 'boolean' ? value : refuse(path, 'true or false', value);

export function text(maxLength: number): Decoder<string> {
  return (value, path) =>
    typeof value === 'string' && value.length <= maxLength
      ? value
      : refuse(path, `text of at most ${maxLength} characters`, value);
}

export function matching(pattern: RegExp, wanted: string): Decoder<string> {
  return (value, path) =>
    typeof value === 'string' && pattern.test(value) ? value : refuse(path, wanted, value);
}

export function oneOf<const T extends readonly (string | number)[]>(
  ...allowed: T
): Decoder<T[number]> {
  return (value, path) =>
    allowed.find((entry) => entry === value) ?? refuse(path, `one of ${allowed.join(', ')}`, value);
}

/** One of a list that newer peers may lengthen: what is not known yet is read as `unknown`. */
export function openOneOf<const T extends readonly string[], const U extends T[number]>(
  unknown: U,
  ...known: T
): Decoder<T[number]> {
  return (value, path) =>
    known.find((entry) => entry === value) ??
    (typeof value === 'string' ? unknown : refuse(path, `one of ${known.join(', ')}`, value));
}

export function nullable<T>(decode: Decoder<T>): Decoder<T | null> {
  return (value, path) => (value === null ? null : decode(value, path));
}

/** For what older peers do not say: `null` where it is missing. */
export function optional<T>(decode: Decoder<T>): Decoder<T | null> {
  return (value, path) => (value === undefined || value === null ? null : decode(value, path));
}

/** The same for what is not even sent to who cannot read it. */
export function unsaid<T>(decode: Decoder<T>): Decoder<T | undefined> {
  return (value, path) => optional(decode)(value, path) ?? undefined;
}

export function list<T>(decode: Decoder<T>, maxLength: number): Decoder<readonly T[]> {
  return (value, path) => {
    if (!Array.isArray(value) || value.length > maxLength)
      return refuse(path, `a list of at most ${maxLength}`, value);
    return value.map((entry: unknown, index) => decode(entry, `${path}[${index}]`));
  };
}

/** A list of which newer peers may send entries that are not understood here: those are left out. */
export function listOfKnown<T>(decode: Decoder<T>, maxLength: number): Decoder<readonly T[]> {
  const entries = list((value) => value, maxLength);
  return (value, path) =>
    entries(value, path).flatMap((entry, index) => {
      try {
        return [decode(entry, `${path}[${index}]`)];
      } catch {
        return [];
      }
    });
}

type Fields = Readonly<Record<string, Decoder<unknown>>>;
export type FieldValues<F extends Fields> = { readonly [K in keyof F]: Infer<F[K]> };

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function object<F extends Fields>(fields: F): Decoder<FieldValues<F>> {
  const entries = Object.entries(fields);
  return (value, path) => {
    if (!isRecord(value)) return refuse(path, 'an object', value);
    return Object.fromEntries(
      entries.map(([name, decode]) => [name, decode(value[name], path ? `${path}.${name}` : name)]),
    ) as FieldValues<F>;
  };
}

/** Objects told apart by the value of one field. */
export function variants<K extends string, V extends Readonly<Record<string, Fields>>>(
  tag: K,
  shapes: V,
): Decoder<
  { [T in keyof V & string]: Readonly<Record<K, T>> & FieldValues<V[T]> }[keyof V & string]
> {
  const decodeTag = oneOf(...Object.keys(shapes));
  return (value, path) => {
    if (!isRecord(value)) return refuse(path, 'an object', value);
    const kind = decodeTag(value[tag], `${path}.${tag}`);
    const body = object(shapes[kind]!)(value, path);
    return { [tag]: kind, ...body } as ReturnType<ReturnType<typeof variants<K, V>>>;
  };
}

/** Free-form parameter values; what each may be is the operation's declaration's business. */
export const record = <T>(
  decode: Decoder<T>,
  maxEntries: number,
): Decoder<Readonly<Record<string, T>>> => {
  return (value, path) => {
    if (!isRecord(value)) return refuse(path, 'an object', value);
    const entries = Object.entries(value);
    if (entries.length > maxEntries)
      return refuse(path, `an object of at most ${maxEntries}`, value);
    return Object.fromEntries(
      entries.map(([name, entry]) => [name, decode(entry, `${path}.${name}`)]),
    );
  };
};
