import type { ProviderReport } from '../../protocol/model';
import type { Graph } from './graph';

/** Row-major float32 values; `data.length` is the product of `shape`. */
export interface Tensor {
  readonly data: Float32Array;
  readonly shape: readonly number[];
}

export type Tensors = Readonly<Record<string, Tensor>>;

/**
 * Runs graphs on tensors: the one seam between the product and its inference runtime, so that a
 * studio's inference server can stand in for the local one.
 */
export interface Engine {
  readonly report: ProviderReport;
  /**
   * Runs an ONNX graph; sessions are loaded once for each content and shared.
   * @throws PspError MODEL_MISSING, INFERENCE_FAILED, OUT_OF_MEMORY; CANCELLED before the run when
   * `signal` is aborted.
   */
  run(graph: Graph, inputs: Tensors, signal?: AbortSignal): Promise<Tensors>;
  /** Gives back the memory of networks that do not run: each takes a moment more when it is asked again. */
  release(): Promise<void>;
  close(): Promise<void>;
}
