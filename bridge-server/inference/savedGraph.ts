import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { cpus } from 'node:os';
import { basename, dirname, join } from 'node:path';

/** What the runtime made of a graph for this processor, beside the graph's own file. */
export interface SavedGraph {
  readonly path: string;
  /** For one that cannot be opened after all: it is made anew another time. */
  remove(): Promise<void>;
}

export interface Original {
  readonly path: string;
  readonly sha256: string;
  /** Another version of the runtime makes another graph. */
  readonly runtime: string;
}

const fileName = 'graph.onnx';

/**
 * A large network takes seconds and three times its size in memory until a runtime has laid it out for the
 * processor. The outcome is kept in a folder beside the network's file, named by the network's hash, the
 * runtime's version and the processor, and made by `save` where it is not there yet.
 * @param save writes the optimised graph as the file it is given, and what belongs to it beside that
 * @returns `null` where nothing can be kept: a folder that cannot be written to, or a full disk
 */
export async function savedGraph(
  original: Original,
  save: (file: string) => Promise<void>,
): Promise<SavedGraph | null> {
  const prefix = `${basename(original.path)}.optimised-`;
  const parent = dirname(original.path);
  const name = `${prefix}${await keyOf(original)}`;
  const folder = join(parent, name);
  const saved: SavedGraph = {
    path: join(folder, fileName),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
  if (await isFile(saved.path)) return saved;
  let draft: string | null = null;
  try {
    draft = await mkdtemp(join(parent, `${prefix}draft-`));
    await save(join(draft, fileName));
    await removeOthers(parent, prefix, [name, basename(draft)]);
    await rename(draft, folder);
    return saved;
  } catch {
    if (draft !== null) await rm(draft, { recursive: true, force: true }).catch(() => undefined);
    // Another process may have been quicker.
    return (await isFile(saved.path)) ? saved : null;
  }
}

const isFile = (path: string): Promise<boolean> =>
  stat(path).then(
    (status) => status.isFile(),
    () => false,
  );

/** Those of former runtimes and of a network that was replaced. */
async function removeOthers(
  parent: string,
  prefix: string,
  kept: readonly string[],
): Promise<void> {
  const names = await readdir(parent);
  const others = names.filter((name) => name.startsWith(prefix) && !kept.includes(name));
  await Promise.all(others.map((name) => rm(join(parent, name), { recursive: true, force: true })));
}

async function keyOf({ sha256, runtime }: Original): Promise<string> {
  const processor = createHash('sha256').update(await processorName());
  return `${sha256.slice(0, 16)}-${runtime}-${processor.digest('hex').slice(0, 16)}`;
}

/** The layout follows the instructions that there are, which a virtual machine's model name does not tell. */
async function processorName(): Promise<string> {
  const told = await readFile('/proc/cpuinfo', 'utf8').catch(() => '');
  const instructions = /^(?:flags|Features)\s*:.*$/m.exec(told)?.[0] ?? '';
  return [process.platform, process.arch, cpus()[0]?.model ?? '', instructions].join('\n');
}
