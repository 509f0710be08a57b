import type { LayerPatch } from '../../bridge-server/processor/job';
import type { Processor } from '../../bridge-server/processor/processor';
import { hostProcessor } from '../../bridge-server/worker/hostProcessor';
import { PspError } from '../../protocol/errors';
import type { Bounds } from '../../protocol/geometry';
import type { Job } from '../../protocol/job';
import type { Latents } from '../../protocol/latents';
import type { Raster } from '../../protocol/raster';

/** Stands where inference stands and takes no time: what is left of a click is the way there and back. */
const echo: Processor = {
  report: { provider: 'none', device: 'none', passedOver: [] },
  models: async () => [],
  warm: async () => undefined,
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

/** What layers cover of a region, across and down, as measured on the demo photograph: a face's own, or a head. */
const covered: Readonly<Record<string, readonly [number, number]>> = {
  reconstruct: [0.5, 0.6],
  edit: [0.86, 0.88],
};
/** Of a layer's breadth: where its mask goes from 1 to 0. */
const feather = 0.15;

type Placed = Pick<LayerPatch, 'bounds' | 'pixels' | 'mask'>;
const made = new Map<string, Placed>();

/** An oval of the region; made once, so that a click does not wait for it. */
function placed({ pixels, bounds }: Job['regions'][number], operation: string): Placed {
  const key = `${operation} ${pixels.width}`;
  const layer = made.get(key) ?? drawOval(pixels, bounds, covered[operation] ?? [1, 1]);
  made.set(key, layer);
  return layer;
}

function drawOval(
  region: Raster,
  { left, top }: Bounds,
  [across, down]: readonly [number, number],
): Placed {
  const width = Math.round(region.width * across);
  const height = Math.round(region.height * down);
  const data = new Uint8Array(width * height * 4);
  const mask = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const away = Math.hypot((2 * x + 1) / width - 1, (2 * y + 1) / height - 1);
      const i = y * width + x;
      mask[i] = Math.round(255 * Math.min(1, Math.max(0, (1 - away) / feather)));
      if (mask[i] !== 0) data.fill(200, 4 * i, 4 * i + 3).fill(255, 4 * i + 3, 4 * i + 4);
    }
  }
  return {
    bounds: { left, top, right: left + width, bottom: top + height },
    pixels: { width, height, data },
    mask: { width, height, data: mask },
  };
}

function patchOf(region: Job['regions'][number], { operation, model }: Job): LayerPatch {
  return {
    name: 'echo',
    space: { kind: 'document' },
    ...placed(region, operation),
    faceNumber: region.faceNumber,
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
