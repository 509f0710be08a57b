import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import {
  cutGraph,
  decodeModelDescription,
  type FileRole,
  type GraphRole,
  type ModelDescription,
} from '../../models/convert';
import { PspError } from '../../protocol/errors';
import { readSmallFile } from './readSmallFile';

/** A model package on disk: its description and where its files are. */
export interface ModelPackage extends ModelDescription {
  readonly folder: string;
  /** Ships with the product: it cannot be removed. */
  readonly embedded: boolean;
  /** When it was imported, since 1970; 0 for an embedded one, whose files bear the date of their copying. */
  readonly installedAtMs: number;
  /** `graphs` and `directions` as absolute paths. */
  readonly graphPaths: ModelDescription['graphs'];
  readonly directionsPath: string | null;
}

export interface ModelStore {
  /** Embedded models first, then the user's, by name. What cannot be read is left out. */
  list(): Promise<readonly ModelPackage[]>;
  /** Packages that are there and cannot be read, and why. */
  listUnreadable(): Promise<readonly UnreadableModel[]>;
  /**
   * By a model's name, or by its folder's where it cannot be read.
   * @throws PspError NOT_FOUND, or BAD_INPUT for an embedded model
   */
  remove(name: string): Promise<void>;
}

/** A package that is newer than this program, damaged, or no package at all. */
export interface UnreadableModel {
  /** Its folder's name. */
  readonly name: string;
  readonly folder: string;
  readonly embedded: boolean;
  /** A sentence. */
  readonly reason: string;
}

/** A description has some 2 KB. */
const maxDescriptionBytes = 256 * 1024;

export function createModelStore(embeddedFolder: string, userModelsFolder: string): ModelStore {
  async function readAll(): Promise<readonly (ModelPackage | UnreadableModel)[]> {
    const [embedded, imported] = await Promise.all([
      readPackages(embeddedFolder, true),
      readPackages(userModelsFolder, false),
    ]);
    return [...embedded, ...imported];
  }
  const list = async (): Promise<readonly ModelPackage[]> =>
    (await readAll()).filter((found): found is ModelPackage => !isUnreadable(found));
  const listUnreadable = async (): Promise<readonly UnreadableModel[]> =>
    (await readAll()).filter(isUnreadable);

  return {
    list,
    listUnreadable,

    async remove(name) {
      const models = await list();
      const model =
        models.find((candidate) => candidate.name === name) ??
        (await listUnreadable()).find((candidate) => candidate.name === name);
      if (!model) throw unknownModel(name, models);
      if (model.embedded) {
        throw new PspError('BAD_INPUT', `The model "${name}" ships with pSp Layers and stays.`);
      }
      await rm(model.folder, { recursive: true });
      // What an unreadable package shares cannot be known: then nothing that is shared goes.
      if ((await listUnreadable()).length === 0) {
        await removeUnusedShared(userModelsFolder, await list());
      }
    },
  };
}

const isUnreadable = (found: ModelPackage | UnreadableModel): found is UnreadableModel =>
  'reason' in found;

/** Every file of a package beside `model.json`: its role and absolute path. */
export function packageFiles(model: ModelPackage): [FileRole, string][] {
  const { graphPaths, directionsPath } = model;
  return Object.entries({
    ...graphPaths,
    ...(directionsPath !== null && { directions: directionsPath }),
  }) as [FileRole, string][];
}

/** One of a package's networks, as the engine wants it. */
export const graphOf = ({ graphPaths, checksums }: ModelPackage, role: GraphRole) => ({
  path: graphPaths[role],
  sha256: checksums[role],
});

/**
 * The network that shows codes small and soon: the part of the fit graph that draws what it compares,
 * `latents` → `image` as the decoder has them; `null` where the package has none.
 */
export function previewGraphOf({ graphPaths, checksums }: ModelPackage) {
  const { fit: path } = graphPaths;
  if (path === undefined || checksums.fit === undefined) return null;
  const read = async (): Promise<Uint8Array> => cutGraph(await readFile(path), ['image']);
  return { path, sha256: `${checksums.fit}/image`, read };
}

/** All of a package's networks, the preview too. */
export function graphsOf(model: ModelPackage) {
  const files = packageFiles(model).flatMap(([role, path]) => {
    const sha256 = model.checksums[role];
    return path.endsWith('.onnx') && sha256 !== undefined ? [{ path, sha256 }] : [];
  });
  const preview = previewGraphOf(model);
  return preview ? [...files, preview] : files;
}

/** What codes are fitted by; `null` where the package has no such graph. */
export const fitGraphOf = ({ graphPaths: { fit }, checksums }: ModelPackage) =>
  fit === undefined ? null : { path: fit, sha256: checksums.fit! };

export function unknownModel(name: string, models: readonly ModelPackage[]): PspError {
  const known = models.map((model) => model.name).join(', ') || 'none';
  return new PspError('NOT_FOUND', `No model "${name}" is installed. Installed: ${known}.`);
}

async function readPackages(
  parent: string,
  embedded: boolean,
): Promise<(ModelPackage | UnreadableModel)[]> {
  const entries = await readdir(parent, { withFileTypes: true }).catch(() => []);
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  const packages = await Promise.all(
    names.sort().map((name) => readPackage(parent, name, embedded)),
  );
  return packages.filter((model) => model !== null);
}

async function readPackage(
  parent: string,
  name: string,
  embedded: boolean,
): Promise<ModelPackage | UnreadableModel | null> {
  const folder = join(parent, name);
  try {
    const file = join(folder, 'model.json');
    const text = await readSmallFile(file, maxDescriptionBytes);
    if (text === null) return null;
    const installedAtMs = embedded ? 0 : (await stat(file)).mtimeMs;
    const description = decodeModelDescription(JSON.parse(text));
    const { graphs, directions } = description;
    const path = (file: string): string => within(parent, resolve(folder, file));
    const graphPaths = {
      encoder: path(graphs.encoder),
      mapping: path(graphs.mapping),
      decoder: path(graphs.decoder),
      ...(graphs.fit !== undefined && { fit: path(graphs.fit) }),
    };
    const directionsPath = directions === null ? null : path(directions);
    return { ...description, folder, embedded, installedAtMs, graphPaths, directionsPath };
  } catch (cause) {
    const reason = String((cause as { message?: unknown } | null)?.message ?? cause);
    return { name, folder, embedded, reason };
  }
}

/** A package may point beside itself, to a decoder it shares, but not out of the models folder. */
function within(parent: string, path: string): string {
  if (relative(resolve(parent), path).split(sep)[0] === '..') {
    throw new Error(`${path} lies outside the models folder.`);
  }
  return path;
}

/** A shared file goes when the last package that names it has gone. */
async function removeUnusedShared(parent: string, models: readonly ModelPackage[]): Promise<void> {
  const used = new Set(models.flatMap((model) => packageFiles(model).map(([, path]) => path)));
  const shared = join(parent, 'shared');
  const files = await readdir(shared).catch(() => []);
  const unused = files.map((file) => resolve(shared, file)).filter((file) => !used.has(file));
  // What a runtime keeps beside a network is a folder, and is made anew where it is needed.
  await Promise.all(unused.map((file) => rm(file, { recursive: true })));
}
