import type { GraphRole } from '../modelDescription';
import type { GraphBuilder, Precision } from '../onnx/graphBuilder';
import type { WeightTable } from '../weightTable';

/** The mean of w that a checkpoint was trained to start from. */
export interface LatentAverage {
  /** 1 (the same for every style) or n_styles. */
  readonly rows: number;
  /** rows × D */
  readonly load: () => Promise<Float32Array>;
}

/** The networks of a checkpoint, and what depends on their family. */
export interface FamilyNetworks {
  /** Side of the picture in pixels. */
  readonly resolution: number;
  /** D */
  readonly styleDim: number;
  /** Side in pixels of the layer that each style feeds, ascending; one for each style. */
  readonly styleResolutions: readonly number[];
  /** The encoder's picture: channels and side in pixels. */
  readonly input: { readonly channels: number; readonly size: number };
  readonly graphs: Readonly<Record<GraphRole, GraphBuilder>>;
}

export interface ReadOptions {
  readonly precision: Precision;
  /** `null` where the checkpoint does not start from it. @throws ConvertError FOREIGN */
  latentAverage(styles: number, styleDim: number): LatentAverage | null;
}

/** Generators that are built alike, whose checkpoints can be imported: one folder each. */
export interface CheckpointFamily {
  /** As `model.json` names it. */
  readonly id: string;
  recognises(weights: WeightTable): boolean;
  /** Nothing is loaded before all shapes have been checked. @throws ConvertError FOREIGN */
  read(weights: WeightTable, options: ReadOptions): Promise<FamilyNetworks>;
}
