import { partsSide, type FacePlanes, type Identity, type PartsReader } from '../faces';
import type { Engine } from '../inference/engine';
import type { ModelStore } from '../models/modelStore';
import { toSigned } from '../operations/operation';
import { canFit, type Fitter } from './createFitter';
import { bestFirst } from './findModel';
import { readsPhotographs } from './modelInput';
import { createNetworks } from './networks';
import { withMask } from './withMask';

export interface WarmUpParts {
  readonly engine: Engine;
  readonly models: ModelStore;
  readonly partsReader: PartsReader;
  readonly identity: Identity;
  readonly fitter: Fitter;
}

/**
 * A click before the first one, on a grey picture: networks take a while to be opened, and their first run to be
 * given its memory. Each is run once with the model that is taken for photographs where none is named. It ends
 * between two networks where a job comes, and begins anew when it is asked again.
 */
export function createWarmUp({ engine, models, partsReader, identity, fitter }: WarmUpParts) {
  let warmed: string | null = null;

  return async (isIdle: () => boolean): Promise<void> => {
    const model = bestFirst(await models.list()).find(({ input }) => readsPhotographs(input.kind));
    if (!model || model.checksums.decoder === warmed || !isIdle()) return;
    warmed = model.checksums.decoder;
    const { size, kind } = model.input;
    const source = { ...grey(size), hole: null };
    const networks = createNetworks(engine, model);
    const ending = new AbortController();
    const { signal } = ending;
    const end = (): boolean => {
      if (isIdle()) return false;
      warmed = null;
      return true;
    };
    try {
      await partsReader.read([grey(partsSide)], signal);
      if (end()) return;
      await identity.embed([grey(partsSide)], signal);
      if (end()) return;
      const [codes] = await networks.encode([withMask(toSigned(source.rgb), source, kind)], signal);
      if (end()) return;
      if (!canFit(model)) return void (await networks.decode([codes!], signal));
      const wish = { known: null, resolution: size, person: true };
      const task = { model, codes: codes!, source, wish, likeness: 'close' } as const;
      // It tells of its start once all of its networks have been asked, and that is enough.
      await fitter.fit(task, signal, () => ending.abort());
    } catch {
      // What is wrong is told by the job that needs it.
      if (!signal.aborted) warmed = null;
    }
  };
}

const grey = (size: number): FacePlanes => ({
  size,
  rgb: new Float32Array(3 * size * size).fill(0.5),
});
