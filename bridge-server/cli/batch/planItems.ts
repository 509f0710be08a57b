import { basename, dirname, join } from 'node:path';
import { realName } from '../../documents/fileVersion';
import { openJournal, type Journal } from './journal';
import { listPictures } from './listInputs';
import { planNames, type NamedInput, type NamedResult } from './planNames';

/** One file's work, planned before any is done. */
export interface BatchItem {
  /** As it was named. */
  readonly input: string;
  /** The input itself where it is changed in place. */
  readonly output: string;
  /** The same two behind linked folders: what the journal knows them by. */
  readonly realInput: string;
  readonly realOutput: string;
  readonly journal: Journal;
}

export interface BatchPlan {
  readonly items: readonly BatchItem[];
  /** Inputs that are other names of one in the list, where that one file would be changed twice. */
  readonly repeated: readonly string[];
}

export interface PlanOptions {
  readonly operation: string;
  readonly output?: string;
  readonly inPlace?: true;
}

/**
 * Results are named over the whole list, and over what lies beside its files: whichever part of a folder
 * is worked on, a file's result has the same name. Names that a journal knows are kept.
 */
export async function planItems(
  inputs: readonly string[],
  options: PlanOptions,
  part: string,
): Promise<BatchPlan> {
  const folders: Folders = {
    journalIn: remembering((folder) => openJournal(folder, part)),
    realName: remembering(realName),
  };
  return options.inPlace ? planInPlace(inputs, folders) : planBeside(inputs, options, folders);
}

/** Asked once for each folder, however many files are in it. */
interface Folders {
  journalIn(folder: string): Promise<Journal>;
  realName(folder: string): Promise<string>;
}

function remembering<T>(find: (folder: string) => Promise<T>): (folder: string) => Promise<T> {
  const known = new Map<string, Promise<T>>();
  return (folder) => {
    const found = known.get(folder) ?? find(folder);
    known.set(folder, found);
    return found;
  };
}

async function planInPlace(inputs: readonly string[], folders: Folders): Promise<BatchPlan> {
  const items: BatchItem[] = [];
  const repeated: string[] = [];
  const seen = new Set<string>();
  for (const input of inputs) {
    const file = await realName(input);
    if (seen.has(file)) {
      repeated.push(input);
      continue;
    }
    seen.add(file);
    const real = await withRealFolder(input, folders);
    const journal = await folders.journalIn(dirname(real));
    items.push({ input, output: input, realInput: real, realOutput: real, journal });
  }
  return { items, repeated };
}

async function planBeside(
  inputs: readonly string[],
  { operation, output }: PlanOptions,
  folders: Folders,
): Promise<BatchPlan> {
  const resultFolder = (input: string): string => output ?? join(dirname(input), operation);
  const sources = [...new Set(inputs.map(dirname))];
  const beside = await Promise.all(sources.map((folder) => listPictures(folder)));
  const all = [...inputs, ...beside.flatMap(({ files }) => files)];
  const named = new Map<string, NamedInput>();
  const remembered = new Map<string, readonly NamedResult[]>();
  for (const input of all) {
    const real = await withRealFolder(input, folders);
    const folder = await folders.realName(resultFolder(input));
    if (named.has(real)) continue;
    named.set(real, { input: real, folder });
    remembered.set(folder, (await folders.journalIn(folder)).names);
  }
  const names = planNames([...named.values()], operation, [...remembered.values()].flat());
  const items = inputs.map(async (input): Promise<BatchItem> => {
    const realInput = await withRealFolder(input, folders);
    const realOutput = names.get(realInput)!;
    const journal = await folders.journalIn(dirname(realOutput));
    const shown = join(resultFolder(input), basename(realOutput));
    return { input, output: shown, realInput, realOutput, journal };
  });
  return { items: await Promise.all(items), repeated: [] };
}

/** A file's own name, be it a link's, behind links to its folder. */
const withRealFolder = async (file: string, folders: Folders): Promise<string> =>
  join(await folders.realName(dirname(file)), basename(file));
