import { join } from 'node:path';
import { alignFace, createFaceFinder } from '../../bridge-server/faces';
import { packageFolder } from '../../bridge-server/folders';
import { readImage } from '../../bridge-server/image/readImage';
import { createOnnxEngine } from '../../bridge-server/inference/onnxEngine';
import { createModelStore } from '../../bridge-server/models/modelStore';
import { createFitter } from '../../bridge-server/processor/createFitter';
import { findModel } from '../../bridge-server/processor/findModel';
import { createLatentCache } from '../../bridge-server/processor/latentCache';
import { createNetworks } from '../../bridge-server/processor/networks';
import { toSigned, wholeSource } from '../../bridge-server/operations/operation';
import { operations } from '../../bridge-server/operations/registry';
import { withMask } from '../../bridge-server/processor/withMask';
import { createBench } from '../measure/likeness/measureLikeness';
import { fastest, type Figure } from './figure';

const [decodes, fits, previews] = [7, 2, 20];

/**
 * Likeness and edits on the demo photograph, by the starter: what a fit costs beside a decode in the
 * same run, and how often a slider that moves is followed.
 */
export async function benchFit(): Promise<readonly Figure[]> {
  const report = { provider: 'cpu', device: 'CPU', passedOver: [] };
  const engine = createOnnxEngine({ provider: 'cpu', report });
  const { signal } = new AbortController();
  try {
    const photograph = await readImage(join(packageFolder, 'test', 'fixtures', 'astronaut.png'));
    const [face] = await createFaceFinder(engine).find(photograph);
    if (face === undefined) throw new Error('the demo photograph has lost its face');
    const starter = join(packageFolder, 'models', 'starter');
    const store = createModelStore(starter, join(starter, 'none'));
    const model = findModel(await store.list(), operations.find('reconstruct'), null);
    const networks = createNetworks(engine, model);
    const { size, kind } = model.input;
    const source = { size, rgb: alignFace(photograph, face.quad, size).rgb, hole: null };
    const [codes] = await networks.encode([withMask(toSigned(source.rgb), source, kind)], signal);
    await networks.decode([codes!], signal);
    const decode = await fastest(decodes, () => networks.decode([codes!], signal));
    const fitter = createFitter(engine, createLatentCache(0));
    const task = {
      model,
      codes: codes!,
      source,
      wish: wholeSource(source),
      likeness: 'close',
    } as const;
    const steps: number[] = [];
    const fit = await fastest(fits, async () => {
      const start = performance.now();
      await fitter.fit(task, signal, () => steps.push(performance.now() - start));
    });
    const photographed = { name: 'astronaut', pixels: photograph, face, aligned: source };
    const bench = createBench(engine, starter);
    const { source: latents, placing } = await bench.apply('edit', photographed, {
      likeness: 'fast',
    });
    let moved = 0;
    const show = (slider: string) => () =>
      bench.preview({
        operation: 'edit',
        model: model.name,
        parameters: { [slider]: (moved = (moved % 10) + 1) / (slider === 'head' ? 1 : 20) },
        ...{ latents, placing },
      });
    const smile = await fastest(previews, show('smile'));
    const head = await fastest(previews, show('head'));
    return [
      { name: 'decode 1024²', value: decode, unit: 'ms' },
      { name: 'preview of a smile', value: 1000 / smile, unit: 'a second' },
      { name: 'preview of a turn', value: 1000 / head, unit: 'a second' },
      { name: 'preview of a smile over a decode', value: smile / decode, unit: '×' },
      { name: 'close fit', value: fit / 1000, unit: 's' },
      { name: 'close fit over a decode', value: fit / decode, unit: '×' },
      { name: 'until its first picture', value: Math.min(...steps) / 1000, unit: 's' },
    ];
  } finally {
    await engine.close();
  }
}
