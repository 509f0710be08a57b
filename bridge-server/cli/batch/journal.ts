import { appendFile, mkdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Kept beside the results, so that a batch that was stopped goes on where it was. */
export const journalName = '.psp-layers-batch.jsonl';

/** A file's size and time: enough to see that it is another one now. */
export interface Stamp {
  readonly size: number;
  readonly modified: number;
}

export interface Work {
  readonly input: string;
  readonly output: string;
  /** What was to be done, as text that is equal for equal work. */
  readonly settings: string;
}

interface Entry extends Work {
  /** What the work wrote; several where every face became a document. */
  readonly files: readonly string[];
  /** Of the input: before the work at `started`, after it at `done`. */
  readonly stamp: Stamp;
  readonly state: 'started' | 'done';
}

export interface Journal {
  /** Whether this input has its result already, made with the same settings. */
  isDone(work: Work): Promise<boolean>;
  /** Whether an existing output is this batch's own, to be made anew. */
  isOwn(output: string): boolean;
  note(state: Entry['state'], work: Work, files: readonly string[]): Promise<void>;
}

export async function openJournal(folder: string): Promise<Journal> {
  const file = join(folder, journalName);
  const text = await readFile(file, 'utf8').catch(() => '');
  const entries = text.split('\n').flatMap(parseEntry);
  const last = new Map(entries.map((entry) => [`${entry.input}\n${entry.settings}`, entry]));
  const own = new Set(entries.flatMap(({ output, files }) => [output, ...files]));
  return {
    isOwn: (output) => own.has(output),
    async isDone({ input, output, settings }) {
      const entry = last.get(`${input}\n${settings}`);
      if (!entry || entry.output !== output) return false;
      const files = entry.state === 'done' ? entry.files : [output];
      if ((await Promise.all(files.map(stampOf))).includes(null)) return false;
      const now = await stampOf(input);
      const same = now?.size === entry.stamp.size && now.modified === entry.stamp.modified;
      if (entry.state === 'done') return same;
      // Stopped between the result and its note: results appear whole, or not at all.
      return input === output ? !same : same;
    },
    async note(state, { input, output, settings }, files) {
      const stamp = await stampOf(input);
      if (!stamp) return;
      for (const result of [output, ...files]) own.add(result);
      await mkdir(dirname(file), { recursive: true });
      const entry: Entry = { input, output, settings, files, state, stamp };
      await appendFile(file, `${JSON.stringify(entry)}\n`);
    },
  };
}

const stampOf = (file: string): Promise<Stamp | null> =>
  stat(file).then(
    ({ size, mtimeMs }) => ({ size, modified: mtimeMs }),
    () => null,
  );

/** A line that was cut off by a crash is no entry. */
function parseEntry(line: string): readonly Entry[] {
  try {
    const entry: unknown = JSON.parse(line);
    return isEntry(entry) ? [entry] : [];
  } catch {
    return [];
  }
}

const isEntry = (value: unknown): value is Entry =>
  typeof value === 'object' &&
  value !== null &&
  ['input', 'output', 'settings', 'files', 'state', 'stamp'].every((key) => key in value);
