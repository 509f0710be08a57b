import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createFaceFinder, createIdentity } from '../../../bridge-server/faces';
import { importCheckpoint } from '../../../bridge-server/models/importCheckpoint';
import { createModelStore } from '../../../bridge-server/models/modelStore';
import { createProcessor } from '../../../bridge-server/processor/createProcessor';
import { runToEnd } from '../../../bridge-server/processor/runToEnd';
import { createLatentCache } from '../../../bridge-server/processor/latentCache';
import { operations } from '../../../bridge-server/operations/registry';
import { encodeOpts, makeCheckpoint, smallestSizes } from '../../support/checkpoints';
import { cpuEngine, paint, waves } from '../../support/faces';
import { withFolder } from '../../support/models';

test('a model that takes the place of another answers for itself, without a restart', () =>
  withFolder(async (folder) => {
    const engine = cpuEngine();
    const models = createModelStore(join(folder, 'none'), join(folder, 'models'));
    const processor = createProcessor({
      operations,
      engine,
      models,
      faces: createFaceFinder(engine),
      identity: createIdentity(engine),
      latents: createLatentCache(),
    });
    const file = join(folder, 'model.pt');
    const pixels = paint(64, 64, 8, (x, y) => waves(x, y));

    async function resultOf(seed: number): Promise<readonly number[]> {
      await writeFile(file, await makeCheckpoint(smallestSizes, encodeOpts, seed));
      await importCheckpoint({
        file,
        modelsFolder: join(folder, 'models'),
        name: 'same-name',
        operation: 'toonify',
      });
      const bounds = { left: 0, top: 0, right: 64, bottom: 64 };
      const region = { bounds, pixels, face: null, faceNumber: null, hole: null, latents: null };
      const { patches } = await runToEnd(
        processor,
        { operation: 'toonify', model: 'same-name', parameters: {}, regions: [region] },
        { signal: new AbortController().signal, onProgress: () => undefined },
      );
      await models.remove('same-name');
      return [...patches[0]!.latents.data];
    }

    try {
      const first = await resultOf(1);
      expect(await resultOf(2)).not.toEqual(first);
      expect(await resultOf(1)).toEqual(first);
    } finally {
      await processor.close();
      await rm(file, { force: true });
    }
  }));

test('a pipe in the place of a network is refused, not waited for', () =>
  withFolder(async (folder) => {
    const engine = cpuEngine();
    const run = engine.run({ path: folder, sha256: '0'.repeat(64) }, {});
    await expect(run).rejects.toMatchObject({ code: 'MODEL_MISSING' });
    await engine.close();
  }));
