import type { LayerPatch } from '../../bridge-server/processor/job';
import type { Processor } from '../../bridge-server/processor/processor';
import { hostProcessor } from '../../bridge-server/worker/hostProcessor';
import { PspError } from '../../protocol/errors';
import type { Job } from '../../protocol/job';
import type { Latents } from '../../protocol/latents';

/** Stands where inference stands and takes no time: what is left of a click is the way there and back. */
const echo: Processor = {
  report: { provider: 'none', device: 'none', passedOver: [] },
  models: async () => [],
  findFaces: async () => [],
  findParts: async () => [],
  selectPart: async ({ width, height }) => ({
    width,
    height,
    data: new Uint8Array(width * height),
  }),
  async run(job, { signal, onProgress, onPatch }) {
    onProgress({ stage: 'decode', done: 0, total: 1 });
    if (job.model === 'until-cancelled') await untilAborted(signal);
    for (const region of job.regions) onPatch(patchOf(region, job));
    return [];
  },
  preview: async () => {
    throw new PspError('BAD_INPUT', 'There is nothing to see here.');
  },
  place: () => Promise.reject(new PspError('NOT_FOUND', 'Nothing is kept here.')),
  close: async () => undefined,
};

function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(new PspError('CANCELLED', 'Cancelled.')));
  });
}

const noCodes: Latents = { data: new Float32Array(18 * 512), shape: [18, 512] };

function patchOf(region: Job['regions'][number], { model }: Job): LayerPatch {
  const { bounds, pixels, faceNumber } = region;
  const { width, height } = pixels;
  return {
    name: 'echo',
    space: { kind: 'document' },
    bounds,
    pixels,
    mask: { width, height, data: new Uint8Array(width * height) },
    faceNumber,
    variant: 1,
    seed: null,
    model: model ?? 'echo',
    identity: null,
    latents: noCodes,
    source: noCodes,
    placing: null,
  };
}

void hostProcessor(async () => echo);
