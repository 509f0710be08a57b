import { join } from 'node:path';
import { createFaceFinder, createIdentity } from '../../bridge-server/faces';
import { createModelStore } from '../../bridge-server/models/modelStore';
import { operations } from '../../bridge-server/operations/registry';
import { createProcessor } from '../../bridge-server/processor/createProcessor';
import { createLatentCache } from '../../bridge-server/processor/latentCache';
import { cpuEngine } from './faces';

const root = join(__dirname, '..', '..');
export const astronautFile = join(root, 'test', 'fixtures', 'astronaut.png');

/** What is embedded. */
export const starterModels = createModelStore(join(root, 'models', 'starter'), join(root, 'none'));

/** The embedded starter's own networks; whoever opens it closes the engine. */
export function openStarter() {
  const engine = cpuEngine();
  const faces = createFaceFinder(engine);
  const processor = createProcessor({
    operations,
    engine,
    models: starterModels,
    faces,
    identity: createIdentity(engine),
    latents: createLatentCache(),
  });
  return { engine, faces, processor };
}
