import type { Job } from '../../protocol/job';
import type { LayerPatch, OperationResult } from './job';
import type { Processor, RunOptions } from './processor';

/** Runs a job and keeps all of its patches. @throws PspError as `Processor.run` */
export async function runToEnd(
  processor: Pick<Processor, 'run'>,
  job: Job,
  options: RunOptions,
): Promise<OperationResult> {
  const patches: LayerPatch[] = [];
  const onPatch = (patch: LayerPatch): void => void patches.push(patch);
  const timings = await processor.run(job, { ...options, onPatch });
  return { patches, timings };
}
