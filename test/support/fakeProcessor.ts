import { PspError } from '../../protocol/errors';
import type { Face } from '../../protocol/face';
import type { Job, Region, Timing } from '../../protocol/job';
import type { Latents } from '../../protocol/latents';
import type { InstalledModel } from '../../protocol/model';
import { operations } from '../../bridge-server/operations/registry';
import type { LayerPatch } from '../../bridge-server/processor/job';
import type { Processor, StreamOptions } from '../../bridge-server/processor/processor';

/**
 * What the fake does with a job is written in the name of the job's model, because that crosses the
 * process boundary:
 *   plain        answers at once
 *   hang         works until it is cancelled
 *   deaf         works for ever, cancelled or not
 *   crash        ends its process by SIGSEGV
 *   starve       ends its process as the kernel's out-of-memory killer would
 *   refuse       fails with BAD_INPUT
 *   break        fails with an error that nobody foresaw
 *   heavy        answers with 16 megabytes more than it was given
 *   several      draws as many variants as it is asked for
 *   paced        takes two milliseconds for each of five steps, and draws somebody else
 */
export const fakeModels = [
  'plain',
  'hang',
  'deaf',
  'crash',
  'starve',
  'refuse',
  'break',
  'heavy',
  'several',
  'paced',
] as const;
export type FakeModel = (typeof fakeModels)[number];

export function createFakeProcessor(): Processor {
  return {
    report: { provider: 'fake', device: 'Fake device', passedOver: ['WebGPU: it is a fake.'] },
    models: async () => fakeModels.map(describe),
    warm: async () => undefined,
    findFaces: async ({ width, height }, { documentScale = 1, signal } = {}) => {
      if (width === endlessSide) await cancelledBy(signal);
      const side = width * documentScale;
      const refusal = side < 24 ? 'too-small' : null;
      return side < 16 ? [] : [{ ...faceIn(width, height), refusal }];
    },
    findParts: async () => {
      throw new PspError('NOT_FOUND', 'Nothing is known of parts here.');
    },
    selectPart: async ({ width, height }, [{ x, y }, , opposite], part) => {
      const data = new Uint8Array(width * height);
      // No glasses; of everything else the upper half of the crop.
      const isSelected = (i: number) => {
        const [column, row] = [i % width, Math.floor(i / width)];
        return column >= x && column < opposite.x && row >= y && row < (y + opposite.y) / 2;
      };
      if (part !== 'glasses') data.forEach((_, i) => (data[i] = isSelected(i) ? 255 : 0));
      return { width, height, data };
    },
    run,
    preview: async ({ latents }) => ({
      pixels: { width: 2, height: 1, data: new Uint8Array(8).fill(latents.data[0]! * 10) },
      identity: 0.75,
    }),
    place: async () => {
      throw new PspError('NOT_FOUND', 'Nothing is kept here.');
    },
    close: async () => undefined,
  };
}

/** A preview of this width is looked at until the search is cancelled. */
const endlessSide = 1000;

const cancelled = (): PspError => new PspError('CANCELLED', 'The job was cancelled.');

async function cancelledBy(signal: AbortSignal | undefined): Promise<never> {
  await new Promise<void>((resolve) => {
    // A timer keeps the process alive, as work would.
    const timer = setInterval(() => undefined, 1000);
    signal?.addEventListener('abort', () => {
      clearInterval(timer);
      resolve();
    });
  });
  throw cancelled();
}

const describe = (name: string): InstalledModel => ({
  name,
  operations: operations.declarations.map((operation) => operation.id),
  resolution: 64,
  nStyles: 10,
  domain: 'fakes',
  licence: 'MIT',
  attribution: 'nobody',
  terms: null,
  measured: null,
  embedded: true,
  fits: true,
});

/** One face in the middle of the picture. */
export function faceIn(width: number, height: number): Face {
  const [left, top, right, bottom] = [width / 4, height / 4, (width * 3) / 4, (height * 3) / 4];
  const at = (x: number, y: number): { x: number; y: number } => ({ x, y });
  return {
    quad: [at(left, top), at(right, top), at(right, bottom), at(left, bottom)],
    bounds: {
      left: Math.floor(left),
      top: Math.floor(top),
      right: Math.ceil(right),
      bottom: Math.ceil(bottom),
    },
    landmarks: {
      leftEye: at(width * 0.4, height * 0.4),
      rightEye: at(width * 0.6, height * 0.4),
      leftMouth: at(width * 0.4, height * 0.6),
      rightMouth: at(width * 0.6, height * 0.6),
    },
    contour: [at(left, top), at(right, top), at(right, bottom)],
    score: 0.99,
    yaw: 0,
    refusal: null,
  };
}

async function run(
  job: Job,
  { signal, onProgress, onPatch }: StreamOptions,
): Promise<readonly Timing[]> {
  const total = job.regions.length;
  if (signal.aborted) throw cancelled();
  onProgress({ stage: 'encode', done: 0, total });
  switch (job.model) {
    case 'hang':
      return cancelledBy(signal);
    case 'deaf':
      return new Promise(() => undefined);
    case 'crash':
      process.kill(process.pid, 'SIGSEGV');
      return new Promise(() => undefined);
    case 'starve':
      process.kill(process.pid, 'SIGKILL');
      return new Promise(() => undefined);
    case 'refuse':
      throw new PspError('BAD_INPUT', 'The fake does not like this. Give it another.');
    case 'break':
      throw new TypeError('x is not a function');
    case 'paced':
      for (let step = 0; step < 5; step++) {
        await new Promise((resolve) => setTimeout(resolve, 2));
        if (signal.aborted) throw cancelled();
      }
  }
  const seed = Number(job.parameters['seed'] ?? 0);
  const variants = job.model === 'several' ? Number(job.parameters['variants'] ?? 1) : 1;
  for (const region of job.regions) {
    for (let i = 0; i < variants; i += 1) onPatch(patchOf(region, job, seed + i, i + 1));
  }
  onProgress({ stage: 'paste', done: total, total });
  return [{ stage: 'decode', milliseconds: 1 }];
}

/** The region in negative, its alpha as mask; what a hole leaves out stays as it is. */
function patchOf(
  { pixels, ...region }: Region,
  job: Job,
  seed: number,
  variant: number,
): LayerPatch {
  const heavy = job.model === 'heavy' ? 2048 : null;
  const [width, height] = heavy ? [heavy, heavy] : [pixels.width, pixels.height];
  const max = pixels.data instanceof Uint16Array ? 65535 : 255;
  const { left, top } = region.bounds;
  return {
    name: `Fake ${job.operation} · seed ${seed}`,
    space: { kind: 'document' },
    bounds: { left, top, right: left + width, bottom: top + height },
    pixels: heavy
      ? { width, height, data: new Uint8Array(width * height * 4) }
      : {
          width,
          height,
          data: pixels.data.map((value, i) => (i % 4 === 3 ? value : max - value)),
        },
    mask: region.hole ?? { width, height, data: new Uint8Array(width * height).fill(255) },
    faceNumber: region.faceNumber,
    variant,
    seed,
    model: job.model ?? 'plain',
    identity: region.face ? (job.model === 'paced' ? 0.2 : 0.9) : null,
    placing: null,
    latents: region.latents ?? latentsOf(seed),
    source: latentsOf(0),
  };
}

const latentsOf = (seed: number): Latents => ({
  data: Float32Array.from({ length: 20 }, (_, i) => seed + i / 8),
  shape: [10, 2],
});
