import { readdir, readFile, rm } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import {
  decodeModelDescription,
  type FileRole,
  type GraphRole,
  type ModelDescription,
} from '../../models/convert';
import { PspError } from '../../protocol/errors';

/** A model package on disk: its description and where its files are. */
export interface ModelPackage extends ModelDescription {
  readonly folder: string;
  /** Ships with the product: it cannot be removed. */
  readonly embedded: boolean;
  /** `graphs` and `directions` as absolute paths. */
  readonly graphPaths: ModelDescription['graphs'];
  readonly directionsPath: string | null;
}

export interface ModelStore {
  /** Embedded models first, then the user's, by name. Folders that are no packages are left out. */
  list(): Promise<readonly ModelPackage[]>;
  /** @throws PspError NOT_FOUND, or BAD_INPUT for an embedded model */
  remove(name: string): Promise<void>;
}

export function createModelStore(embeddedFolder: string, userModelsFolder: string): ModelStore {
  async function list(): Promise<readonly ModelPackage[]> {
    const [embedded, imported] = await Promise.all([
      readPackages(embeddedFolder, true),
      readPackages(userModelsFolder, false),
    ]);
    return [...embedded, ...imported];
  }

  return {
    list,

    async remove(name) {
      const models = await list();
      const model = models.find((candidate) => candidate.name === name);
      if (!model) throw unknownModel(name, models);
      if (model.embedded) {
        throw new PspError('BAD_INPUT', `The model "${name}" ships with pSp Layers and stays.`);
      }
      await rm(model.folder, { recursive: true });
      await removeUnusedShared(userModelsFolder, await list());
    },
  };
}

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

export function unknownModel(name: string, models: readonly ModelPackage[]): PspError {
  const known = models.map((model) => model.name).join(', ') || 'none';
  return new PspError('NOT_FOUND', `No model "${name}" is installed. Installed: ${known}.`);
}

async function readPackages(parent: string, embedded: boolean): Promise<ModelPackage[]> {
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
): Promise<ModelPackage | null> {
  const folder = join(parent, name);
  const text = await readFile(join(folder, 'model.json'), 'utf8').catch(() => null);
  if (text === null) return null;
  try {
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
    return { ...description, folder, embedded, graphPaths, directionsPath };
  } catch (cause) {
    const reason = String((cause as { message?: unknown } | null)?.message ?? cause);
    throw new PspError(
      'BAD_INPUT',
      `The model in ${folder} cannot be read: ${reason} Remove the folder or import the model again.`,
      { cause },
    );
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
  await Promise.all(unused.map((file) => rm(file)));
}
