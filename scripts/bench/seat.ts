import { fork } from 'node:child_process';
import { once } from 'node:events';
import { openProcessor } from '../../bridge-server/openProcessor';
import { runToEnd } from '../../bridge-server/processor/runToEnd';
import type { Region } from '../../protocol/job';
import { openDemoFace } from './demoFace';

/** What a seat says of its jobs. */
export interface SeatReport {
  readonly waitsMs: readonly number[];
  /** Processor time of its inference process, a job. */
  readonly cpuMs: number;
}

const faceSide = 500;

/** As many seats as asked for, each with an inference process of its own, that begin their jobs together. */
export async function runSeats(
  seats: number,
  jobs: number,
  env: NodeJS.ProcessEnv,
): Promise<{ readonly reports: readonly SeatReport[]; readonly seconds: number }> {
  const children = Array.from({ length: seats }, () => fork(__filename, [String(jobs)], { env }));
  const answers = async (): Promise<unknown[]> =>
    Promise.all(
      children.map(async (child) => {
        const ended = once(child, 'exit').then(() => Promise.reject(new Error('a seat ended')));
        return ((await Promise.race([once(child, 'message'), ended])) as unknown[])[0];
      }),
    );
  try {
    await answers();
    const reporting = answers();
    const start = performance.now();
    for (const child of children) child.send('go');
    const reports = (await reporting) as SeatReport[];
    return { reports, seconds: (performance.now() - start) / 1000 };
  } finally {
    for (const child of children) if (child.connected) child.disconnect();
  }
}

async function sit(jobs: number): Promise<void> {
  const processor = await openProcessor();
  const region = await (await openDemoFace(processor))(faceSide);
  const run = async (number: number): Promise<number> => {
    const start = performance.now();
    const { signal } = new AbortController();
    const parameters = { likeness: 'fast' };
    const regions = [darkened(region, number)];
    const job = { operation: 'reconstruct', model: null, parameters, regions };
    await runToEnd(processor, job, { signal, onProgress: () => undefined });
    return performance.now() - start;
  };
  await run(0);
  process.send?.('ready');
  await once(process, 'message');
  const before = process.cpuUsage();
  const waitsMs: number[] = [];
  for (let number = 1; number <= jobs; number += 1) waitsMs.push(await run(number));
  const { user, system } = process.cpuUsage(before);
  process.send?.({ waitsMs, cpuMs: (user + system) / 1000 / jobs } satisfies SeatReport);
}

/** Another picture for each job: equal ones are answered from the cache. */
const darkened = (region: Region, levels: number): Region => ({
  ...region,
  pixels: {
    ...region.pixels,
    data: region.pixels.data.map((value, i) => (i % 4 === 3 ? value : Math.max(0, value - levels))),
  },
});

// The process that `runSeats` starts.
if (require.main === module) {
  process.once('disconnect', () => process.exit());
  void sit(Number(process.argv[2]));
}
