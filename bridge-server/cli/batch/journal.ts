import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { basename, join, relative, resolve } from 'node:path';
import {
  contentHash,
  isSameVersion,
  versionOf,
  type FileVersion,
} from '../../documents/fileVersion';
import type { NamedResult } from './planNames';

/** Kept beside the results, so that a batch that was stopped goes on where it was. */
export const journalName = '.psp-layers-batch.jsonl';

/** A line of the journal. Paths are relative to its folder: it can be moved together with its inputs. */
interface Entry {
  readonly state: 'writing' | 'done';
  readonly input: string;
  /** The result's planned name; versions and numbers come on top. */
  readonly output: string;
  /** Of everything but the input that decides the pixels. */
  readonly key: string;
  /** SHA-256 of the input before the work, and after it: another where it was changed in place. */
  readonly before: string;
  readonly after: string;
  /** Of the input after the work, where it is known to be `after`. */
  readonly version: FileVersion | null;
  /** How many files the result has. */
  readonly count: number;
  /** Those written, and while the work goes on those about to be. */
  readonly files: readonly { readonly file: string; readonly sha256: string }[];
}

/** One input's work, with the input as it is now. */
export interface JournalWork {
  /** Whether the same work was done on the same content, and its result is here. */
  readonly isDone: boolean;
  begin(output: string, count: number): Writing;
}

export interface Writing {
  /** Noted before a file appears, so that it is known as our own whenever the process ends. */
  draft(file: string, sha256: string): Promise<void>;
  done(files: readonly string[]): Promise<void>;
}

export interface Journal {
  /** The names that results were given. */
  readonly names: readonly NamedResult[];
  work(input: string, key: string): Promise<JournalWork>;
  /** 'own': made here from this input, and not changed since; `null`: nothing of ours. */
  stateOf(file: string, input: string): Promise<'own' | 'changed' | 'of-another' | null>;
}

/** @param folder its real path, as those of all files and inputs */
export async function openJournal(folder: string): Promise<Journal> {
  const path = join(folder, journalName);
  const nameOf = (file: string): string => relative(folder, file);
  const lastOfWork = new Map<string, Entry>();
  const ofInput = new Map<string, Entry[]>();
  const ofFile = new Map<string, Entry[]>();
  const remember = (entry: Entry): void => {
    lastOfWork.set(`${entry.key} ${entry.input}`, entry);
    addTo(ofInput, entry.input, entry);
    for (const { file } of entry.files) addTo(ofFile, file, entry);
  };
  (await readFile(path, 'utf8').catch(() => '')).split('\n').flatMap(parseEntry).forEach(remember);
  const names = [...ofInput.values()].flat().map(({ input, output }) => ({
    input: resolve(folder, input),
    output: resolve(folder, output),
  }));

  async function note(entry: Entry): Promise<void> {
    remember(entry);
    await mkdir(folder, { recursive: true });
    await appendFile(path, `${JSON.stringify(entry)}\n`);
  }

  async function isPresent(entry: Entry, { file, sha256 }: Entry['files'][number]) {
    const last = ofFile.get(file)?.at(-1);
    if (last?.input !== entry.input || last.key !== entry.key) return false;
    const there = resolve(folder, file);
    if ((await versionOf(there)) === null) return false;
    // A finished result stays one when it is retouched; an unfinished one may not have appeared.
    return entry.state === 'done' || (await contentHash(there)) === sha256;
  }

  async function isDone(input: string, key: string, content: string): Promise<boolean> {
    const entry = lastOfWork.get(`${key} ${input}`);
    if (entry?.after !== content || entry.files.length < entry.count) return false;
    const present = await Promise.all(entry.files.map((file) => isPresent(entry, file)));
    return present.every(Boolean);
  }

  return {
    names,

    async work(inputPath, key) {
      const input = nameOf(inputPath);
      const version = await versionOf(inputPath);
      const known = ofInput.get(input)?.find((entry) => isSameVersion(entry.version, version));
      const before = known ? known.after : await contentHash(inputPath);
      return {
        isDone: await isDone(input, key, before),
        begin(output, count) {
          const common = { input, output: basename(output), key, before, count };
          const files: { file: string; sha256: string }[] = [];
          const after = (): string => files.find(({ file }) => file === input)?.sha256 ?? before;
          return {
            async draft(file, sha256) {
              files.push({ file: nameOf(file), sha256 });
              const sofar = { after: after(), files: [...files], version: null };
              await note({ state: 'writing', ...common, ...sofar });
            },
            async done(written) {
              const names = new Set(written.map(nameOf));
              files.splice(0, files.length, ...files.filter(({ file }) => names.has(file)));
              const now = await versionOf(inputPath);
              const sure = names.has(input) || isSameVersion(now, version);
              const result = { after: after(), files, version: sure ? now : null };
              await note({ state: 'done', ...common, ...result });
            },
          };
        },
      };
    },

    async stateOf(file, input) {
      const name = nameOf(file);
      const writers = ofFile.get(name) ?? [];
      if (writers.length === 0) return null;
      if (writers.at(-1)!.input !== nameOf(input)) return 'of-another';
      const now = await contentHash(file);
      const made = writers.flatMap(({ files }) => files).filter((other) => other.file === name);
      return made.some(({ sha256 }) => sha256 === now) ? 'own' : 'changed';
    },
  };
}

function addTo(map: Map<string, Entry[]>, key: string, entry: Entry): void {
  const list = map.get(key);
  if (list) list.push(entry);
  else map.set(key, [entry]);
}

/** A line that was cut off by a crash is no entry. */
function parseEntry(line: string): readonly Entry[] {
  try {
    const entry: unknown = JSON.parse(line);
    return isEntry(entry) ? [entry] : [];
  } catch {
    return [];
  }
}

const fields = ['state', 'input', 'output', 'key', 'before', 'after', 'version', 'count', 'files'];

const isEntry = (value: unknown): value is Entry =>
  typeof value === 'object' && value !== null && fields.every((field) => field in value);
