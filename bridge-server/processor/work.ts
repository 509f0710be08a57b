import type { Job } from '../../protocol/job';
import type { ParameterValues } from '../../protocol/parameter';
import type { ModelPackage } from '../models/modelStore';
import type { Operation } from '../operations/operation';
import type { Likeness } from '../operations/parameters';
import type { Networks } from './networks';
import type { RunOptions } from './processor';
import type { JobProgress } from './progress';

/** A job under way: what was asked, who does it, and how far it is. */
export interface Work extends Pick<RunOptions, 'signal' | 'onGlimpse'> {
  readonly job: Job;
  readonly operation: Operation;
  /** All of them, defaults too. */
  readonly parameters: ParameterValues;
  readonly model: ModelPackage;
  readonly networks: Networks;
  readonly likeness: Likeness;
  /** Steps of each region's fit; 0 where the encoder's codes are taken. */
  readonly fitSteps: number;
  readonly progress: JobProgress;
}
