import { join } from 'node:path';
import { PspError } from '../protocol/errors';
import { createFaceFinder, createIdentity } from './faces';
import { packageFolder, userFolder } from './folders';
import { chooseProvider } from './inference/chooseProvider';
import { createOnnxEngine, providers, type Provider } from './inference/onnxEngine';
import { createModelStore, type ModelStore } from './models/modelStore';
import { createProcessor } from './operations/createProcessor';
import { createLatentCache } from './operations/latentCache';
import type { Processor } from './operations/processor';
import { operations } from './operations/registry';

/** Models that ship with the product, and those the user imported. */
export const openModelStore = (): ModelStore =>
  createModelStore(join(packageFolder, 'models', 'starter'), userModelsFolder());

export const userModelsFolder = (): string => join(userFolder(), 'models');

/** Wires the real parts together: the one place that knows them all. */
export async function openProcessor(): Promise<Processor> {
  const models = openModelStore();
  const { provider, report } = await chooseProvider(await probeGraph(models), forcedProvider());
  const engine = createOnnxEngine({ provider, report });
  return createProcessor({
    operations,
    engine,
    models,
    faces: createFaceFinder(engine),
    identity: createIdentity(engine),
    latents: createLatentCache(),
  });
}

/** Providers are tried on a decoder: small, and made of the same operators as every other. */
async function probeGraph(models: ModelStore): Promise<string> {
  const [first] = await models.list();
  return first?.graphPaths.decoder ?? join(packageFolder, 'models', 'faces', 'mesh.onnx');
}

/** @throws PspError BAD_INPUT when `PSP_LAYERS_PROVIDER` names none. */
function forcedProvider(): Provider | undefined {
  const name = process.env['PSP_LAYERS_PROVIDER'];
  if (!name) return undefined;
  const provider = providers.find((candidate) => candidate === name);
  if (provider) return provider;
  throw new PspError(
    'BAD_INPUT',
    `PSP_LAYERS_PROVIDER is "${name}". Use one of ${providers.join(', ')}, or unset it.`,
  );
}
