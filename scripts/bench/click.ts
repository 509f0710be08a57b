import { openProcessor } from '../../bridge-server/openProcessor';
import type { Processor } from '../../bridge-server/processor/processor';
import { runToEnd } from '../../bridge-server/processor/runToEnd';
import type { Job, Stage } from '../../protocol/job';
import type { ParameterValues } from '../../protocol/parameter';
import { openDemoFace } from './demoFace';
import type { Figure } from './figure';

const runs = 5;
/** Crops of the face, in pixels a side. */
const faces = [1000, 5500];
const clicks: readonly (readonly [string, ParameterValues])[] = [
  ['reconstruct', {}],
  ['edit', { smile: 0.6 }],
  ['super-resolve', {}],
];
const networks: readonly Stage[] = ['encode', 'decode'];

/** A click with the fast likeness on the demo photograph, enlarged: its networks, and all beside them. */
export async function benchClick(): Promise<readonly Figure[]> {
  const processor = await openProcessor();
  const figures: Figure[] = [];
  try {
    const faceOf = await openDemoFace(processor);
    for (const side of faces) {
      const region = await faceOf(side);
      const best = new Map<string, readonly [number, number]>();
      let placingAgain = Infinity;
      for (let run = 0; run < runs; run += 1) {
        for (const [operation, parameters] of clicks) {
          const asked = { ...parameters, likeness: 'fast' };
          const job: Job = { operation, model: null, parameters: asked, regions: [region] };
          const { inside, beside, placing } = await timed(processor, job);
          if (operation === 'edit') {
            placingAgain = Math.min(placingAgain, await timedPlacing(processor, placing, run));
          }
          const [a, b] = best.get(operation) ?? [Infinity, Infinity];
          best.set(operation, [Math.min(a, inside), Math.min(b, beside)]);
        }
      }
      for (const [operation, [inside, beside]] of best) {
        const name = `${operation}, face of ${side} px`;
        figures.push(
          { name: `${name}: networks`, value: inside, unit: 'ms' },
          { name: `${name}: all beside them`, value: beside, unit: 'ms' },
        );
      }
      figures.push({
        name: `edit placed again, face of ${side} px`,
        value: placingAgain,
        unit: 'ms of processor time',
      });
    }
  } finally {
    await processor.close();
  }
  return figures;
}

interface Timed {
  /** Milliseconds in the networks, and beside them. */
  readonly inside: number;
  readonly beside: number;
  /** What the result can be placed again by. */
  readonly placing: string | null;
}

async function timed(processor: Processor, job: Job): Promise<Timed> {
  const options = { signal: new AbortController().signal, onProgress: () => undefined };
  const start = performance.now();
  const { timings, patches } = await runToEnd(processor, job, options);
  const all = performance.now() - start;
  const inside = timings
    .filter(({ stage }) => networks.includes(stage))
    .reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  return { inside, beside: all - inside, placing: patches[0]!.placing };
}

/** Milliseconds of processor time to place a result with other colours, each time others. */
async function timedPlacing(
  processor: Processor,
  placing: string | null,
  run: number,
): Promise<number> {
  if (placing === null) throw new Error('the result is not kept to be placed again');
  const start = process.cpuUsage();
  await processor.place(placing, { matchColour: run / runs });
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}
