import { dirname, join } from 'node:path';
import { PspError } from '../protocol/errors';
import { createFaceFinder, createIdentity } from './faces';
import { packageFolder, userFolder } from './folders';
import { chooseProvider } from './inference/chooseProvider';
import type { Engine } from './inference/engine';
import type { Graph } from './inference/graph';
import { createOnnxEngine, providers, type Provider } from './inference/onnxEngine';
import { createRemoteEngine } from './inference/openInference/remoteEngine';
import { createRoutedEngine } from './inference/routedEngine';
import { readServerAddress } from './inference/openInference/serverAddress';
import { createModelStore, type ModelStore } from './models/modelStore';
import { createProcessor } from './processor/createProcessor';
import { createLatentCache } from './processor/latentCache';
import type { Processor } from './processor/processor';
import { operations } from './operations/registry';

/** Models that ship with the product, and those the user imported. */
export const openModelStore = (): ModelStore =>
  createModelStore(join(packageFolder, 'models', 'starter'), userModelsFolder());

export const userModelsFolder = (): string => join(userFolder(), 'models');

/** Wires the real parts together: the one place that knows them all. */
export async function openProcessor(): Promise<Processor> {
  const models = openModelStore();
  const { networks, faces } = await openEngines(models);
  return createProcessor({
    operations,
    engine: networks,
    models,
    faces: createFaceFinder(faces),
    identity: createIdentity(faces),
    latents: createLatentCache(),
  });
}

const faceModels = join(packageFolder, 'models', 'faces');

interface Engines {
  /** For the graphs of models. */
  readonly networks: Engine;
  /** For the small face networks, which are asked several times a picture and stay on this machine. */
  readonly faces: Engine;
}

async function openEngines(models: ModelStore): Promise<Engines> {
  const server = await readServerAddress();
  if (server) {
    const remote = createRemoteEngine(server);
    const faces = createOnnxEngine({ provider: 'cpu', report: remote.report });
    // Operations ask for the mesh too.
    const isFaceNetwork = ({ path }: Graph): boolean => dirname(path) === faceModels;
    return { networks: createRoutedEngine(faces, remote, isFaceNetwork), faces };
  }
  const { provider, report } = await chooseProvider(await probeGraph(models), forcedProvider());
  const engine = createOnnxEngine({ provider, report });
  return { networks: engine, faces: engine };
}

/** Providers are tried on a decoder: small, and made of the same operators as every other. */
async function probeGraph(models: ModelStore): Promise<string> {
  const [first] = await models.list();
  return first?.graphPaths.decoder ?? join(faceModels, 'mesh.onnx');
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
