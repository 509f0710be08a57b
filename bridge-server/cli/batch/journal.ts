import { appendFile, readdir, readFile } from 'node:fs/promises';
import { basename, join, relative, resolve, sep } from 'node:path';
import { makeFolder } from '../../documents/resultFolder';
import {
  contentHash,
  isSameVersion,
  versionOf,
  type FileVersion,
} from '../../documents/fileVersion';
import type { NamedResult } from './planNames';

/**
 * Kept beside the results, so that a batch that was stopped goes on where it was. Each part of a batch
 * has its own: appends of several machines to one file may mix on a network's disk.
 */
const journalName = (part: string): string => `.psp-layers-batch${part && `.${part}`}.jsonl`;
const anyJournal = /^\.psp-layers-batch(\..+)?\.jsonl$/;

/** Of a folder: every part's. */
export const journalsIn = async (folder: string): Promise<readonly string[]> =>
  (await readdir(folder).catch(() => [])).filter((name) => anyJournal.test(name)).sort();

/** A line of a journal. Paths are relative to its folder: it can be moved together with its inputs. */
interface Entry {
  /** When it was written, in milliseconds since 1970; 0 of entries that did not say. */
  readonly at: number;
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
  /** Where the result is, if the same work was done on the same content and it is here. */
  readonly done: readonly string[] | null;
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

/**
 * @param folder its real path, as those of all files and inputs
 * @param part of the batch that writes here; what all parts have written is known
 */
export async function openJournal(folder: string, part: string): Promise<Journal> {
  const path = join(folder, journalName(part));
  // The same on every machine that sees the folder.
  const nameOf = (file: string): string => relative(folder, file).split(sep).join('/');
  const lastOfWork = new Map<string, Entry>();
  const ofInput = new Map<string, Entry[]>();
  const ofFile = new Map<string, Entry[]>();
  const remember = (entry: Entry): void => {
    lastOfWork.set(`${entry.key} ${entry.input}`, entry);
    addTo(ofInput, entry.input, entry);
    for (const { file } of entry.files) addTo(ofFile, file, entry);
  };
  const texts = (await journalsIn(folder)).map((name) =>
    readFile(join(folder, name), 'utf8').catch(() => ''),
  );
  const lines = (await Promise.all(texts)).flatMap((text) => text.split('\n'));
  const entries = lines.flatMap(parseEntry).sort((a, b) => a.at - b.at);
  entries.forEach(remember);
  const names = [...ofInput.values()].flat().map(({ input, output }) => ({
    input: resolve(folder, input),
    output: resolve(folder, output),
  }));

  // A line that a killed process left unfinished ends before ours.
  let start = '\n';
  async function note(noted: Omit<Entry, 'at'>): Promise<void> {
    const entry = { at: Date.now(), ...noted };
    remember(entry);
    await makeFolder(folder);
    const line = `${start}${JSON.stringify(entry)}\n`;
    start = '';
    await appendFile(path, line);
  }

  async function isPresent(entry: Entry, { file, sha256 }: Entry['files'][number]) {
    const last = ofFile.get(file)?.at(-1);
    if (last?.input !== entry.input || last.key !== entry.key) return false;
    const there = resolve(folder, file);
    if ((await versionOf(there)) === null) return false;
    // A finished result stays one when it is retouched; an unfinished one may not have appeared.
    return entry.state === 'done' || (await contentHash(there)) === sha256;
  }

  async function findDone(input: string, key: string, content: string) {
    const entry = lastOfWork.get(`${key} ${input}`);
    if (entry?.after !== content || entry.files.length < entry.count) return null;
    const present = await Promise.all(entry.files.map((file) => isPresent(entry, file)));
    return present.every(Boolean) ? entry.files.map(({ file }) => resolve(folder, file)) : null;
  }

  return {
    names,

    async work(inputPath, key) {
      const input = nameOf(inputPath);
      const version = await versionOf(inputPath);
      const known = ofInput.get(input)?.find((entry) => isSameVersion(entry.version, version));
      const before = known ? known.after : await contentHash(inputPath);
      return {
        done: await findDone(input, key, before),
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
    return isEntry(entry) ? [{ ...entry, at: Number(entry.at) || 0 }] : [];
  } catch {
    return [];
  }
}

const fields = ['state', 'input', 'output', 'key', 'before', 'after', 'version', 'count', 'files'];

const isEntry = (value: unknown): value is Entry =>
  typeof value === 'object' && value !== null && fields.every((field) => field in value);
