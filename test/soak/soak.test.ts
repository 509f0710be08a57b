import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { connectClient, grey, listen, stopAll } from '../support/bridgeServer';
import { faceIn } from '../support/fakeProcessor';
import { startServerProcess } from '../support/serverProcess';
import { transformFace } from '../../protocol/face';

/*
 * 800 jobs through the real server, its inference process and a small pSp: every one with pixels of its
 * own, so that nothing is answered from a cache.
 */
const jobs = 800;
/** The planes of recent results are kept for placing again, up to a bound that some 300 jobs reach. */
const warmUp = 400;
const side = 256;
/** In the middle of the region that `grey` makes, in the document's pixels. */
const face = transformFace(faceIn(side, side), 1, { x: -2, y: 3 });

/** Resident memory of a process, in MiB. */
function residentMiB(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)![1]) / 1024;
}

function childOf(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')[0]);
}

const onLinux = process.platform === 'linux' ? test : test.skip;

onLinux(
  `${jobs} jobs leave memory flat`,
  async () => {
    const server = await startServerProcess({ PSP_LAYERS_PROVIDER: 'cpu' });
    const client = await connectClient(server);
    const checkpoint = resolve(__dirname, '../fixtures/psp/tiny-encode/checkpoint.pt');
    await client.importModel('tiny', new Uint8Array(readFileSync(checkpoint)));

    const serverPid = server.process.pid!;
    const samples: { readonly job: number; readonly server: number; readonly inference: number }[] =
      [];
    for (let job = 1; job <= jobs; job++) {
      const region = { ...grey(side, side), face, faceNumber: 1 };
      region.pixels.data.fill(job % 256, 0, job * 4);
      const run = client.run(
        {
          operation: 'reconstruct',
          model: 'tiny',
          parameters: {},
          priority: 'batch',
          regions: [region],
        },
        listen(),
      );
      await run.result;
      run.forget();
      if (job % 50 === 0) {
        samples.push({
          job,
          server: residentMiB(serverPid),
          inference: residentMiB(childOf(serverPid)),
        });
      }
    }
    await stopAll();
    await server.stop();

    const lines = samples.map(
      ({ job, server, inference }) =>
        `${String(job).padStart(4)} jobs: server ${server.toFixed(0)} MiB, inference ${inference.toFixed(0)} MiB`,
    );
    process.stdout.write(`${lines.join('\n')}\n`);
    const settled = samples.filter(({ job }) => job >= warmUp);
    for (const part of ['server', 'inference'] as const) {
      const half = settled.length >> 1;
      const mean = (list: typeof settled): number =>
        list.reduce((sum, sample) => sum + sample[part], 0) / list.length;
      const growth = mean(settled.slice(-half)) - mean(settled.slice(0, half));
      process.stdout.write(`${part}: ${growth.toFixed(1)} MiB more in the second half\n`);
      expect(growth).toBeLessThan(0.1 * mean(settled) + 16);
    }
  },
  20 * 60 * 1000,
);
