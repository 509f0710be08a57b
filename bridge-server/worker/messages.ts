import type { ErrorShape } from '../../protocol/errors';
import type { ProviderReport } from '../inference/engine';
import type { OperationProgress } from '../operations/job';
import type { Processor } from '../operations/processor';

/** What the server's process and the inference process say to each other; structured clones. */
export type Call = {
  readonly [M in 'models' | 'findFaces' | 'run']: {
    readonly kind: 'call';
    readonly id: number;
    readonly method: M;
    readonly argument: Parameters<Processor[M]>[0];
    /** Of `findFaces`. */
    readonly documentScale?: number;
  };
}['models' | 'findFaces' | 'run'];

export type ToWorker = Call | { readonly kind: 'cancel'; readonly id: number };

export type FromWorker =
  | { readonly kind: 'ready'; readonly report: ProviderReport }
  /** The processor could not be opened; the process ends. */
  | { readonly kind: 'unable'; readonly error: ErrorShape }
  | { readonly kind: 'progress'; readonly id: number; readonly progress: OperationProgress }
  | { readonly kind: 'value'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'error'; readonly id: number; readonly error: ErrorShape };
