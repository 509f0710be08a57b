/** Numbers that a text would make long: kept beside it, once each. */
type Buffer = Uint8Array | Uint16Array | Float32Array;
export type Kept = Buffer | Blob;

/** Names what is kept beside the text; the same thing has the same name as long as the page lives. */
export class KeptNames {
  private readonly names = new WeakMap<Kept, string>();

  of(kept: Kept): string {
    const known = this.names.get(kept);
    if (known !== undefined) return known;
    const name = crypto.randomUUID();
    this.names.set(kept, name);
    return name;
  }

  give(kept: Kept, name: string): void {
    this.names.set(kept, name);
  }
}

const bufferTypes = { Uint8Array, Uint16Array, Float32Array };
type BufferType = keyof typeof bufferTypes;

type Entry =
  | { readonly is: 'value'; readonly value: unknown }
  | { readonly is: 'list'; readonly items: readonly number[] }
  | { readonly is: 'record'; readonly fields: readonly (readonly [string, number])[] }
  | { readonly is: BufferType | 'Blob'; readonly name: string };

/**
 * Values as a text, with their buffers and blobs named. What was one object is one object again: layers
 * that several steps of a history share stay shared.
 */
export function freeze(
  value: unknown,
  names: KeptNames,
): { text: string; kept: Map<string, Kept> } {
  const entries: Entry[] = [];
  const seen = new Map<object, number>();
  const kept = new Map<string, Kept>();
  const add = (part: unknown): number => {
    const known = typeof part === 'object' && part !== null ? seen.get(part) : undefined;
    if (known !== undefined) return known;
    const index = entries.push({ is: 'value', value: part ?? null }) - 1;
    if (typeof part !== 'object' || part === null) return index;
    seen.set(part, index);
    entries[index] = describe(part);
    return index;
  };
  const describe = (part: object): Entry => {
    if (Array.isArray(part)) return { is: 'list', items: part.map(add) };
    const type = typeOf(part);
    if (type === null) {
      const defined = Object.entries(part).filter(([, field]) => field !== undefined);
      return { is: 'record', fields: defined.map(([name, field]) => [name, add(field)]) };
    }
    const name = names.of(part as Kept);
    kept.set(name, part as Kept);
    return { is: type, name };
  };
  add(value);
  return { text: JSON.stringify(entries), kept };
}

/** @param load the bytes of that name; what it throws is thrown */
export async function thaw(
  text: string,
  names: KeptNames,
  load: (name: string) => Promise<Blob>,
): Promise<unknown> {
  const entries = JSON.parse(text) as readonly Entry[];
  const made: unknown[] = [];
  for (const entry of entries) made.push(await begin(entry, names, load));
  entries.forEach((entry, index) => {
    if (entry.is === 'list') {
      (made[index] as unknown[]).push(...entry.items.map((item) => made[item]));
    } else if (entry.is === 'record') {
      const fields = entry.fields.map(([name, field]) => [name, made[field]]);
      Object.assign(made[index] as object, Object.fromEntries(fields));
    }
  });
  return made[0];
}

/** Lists and records begin empty: what they hold may come later. */
async function begin(
  entry: Entry,
  names: KeptNames,
  load: (name: string) => Promise<Blob>,
): Promise<unknown> {
  switch (entry.is) {
    case 'value':
      return entry.value;
    case 'list':
      return [];
    case 'record':
      return {};
    default: {
      const blob = await load(entry.name);
      const kept = entry.is === 'Blob' ? blob : new bufferTypes[entry.is](await blob.arrayBuffer());
      names.give(kept, entry.name);
      return kept;
    }
  }
}

function typeOf(part: object): BufferType | 'Blob' | null {
  if (part instanceof Blob) return 'Blob';
  const types = Object.keys(bufferTypes) as BufferType[];
  return types.find((type) => part instanceof bufferTypes[type]) ?? null;
}
