import type { ErrorShape } from '../../protocol/errors';
import type { Bounds } from '../../protocol/geometry';
import type { Raster } from '../../protocol/raster';
import type { Region, Patch } from '../../protocol/job';
import type { Latents } from '../../protocol/latents';
import type { RunProgress } from './bridge/bridge';
import type { LayerHandle, LayerTarget } from './document';
import type { Order } from './order';

export type JobState =
  /** For the layers before it in its run. */
  | { readonly kind: 'waiting' }
  | { readonly kind: 'reading' }
  | { readonly kind: 'sending'; readonly share: number }
  | { readonly kind: 'queued'; readonly place: number; readonly waitsFor: string | null }
  | {
      readonly kind: 'running';
      readonly progress: RunProgress;
      /** How the face looks so far that is being fitted. */
      readonly glimpse: Raster | null;
    }
  | { readonly kind: 'writing' }
  | { readonly kind: 'done'; readonly result: JobResult }
  | { readonly kind: 'failed'; readonly error: ErrorShape }
  | { readonly kind: 'cancelled' };

export interface Job {
  readonly id: number;
  readonly target: LayerTarget;
  readonly order: Order;
  /** An order on several layers is a run of jobs: this is its `number`th of `count`, from 1. */
  readonly run: { readonly id: number; readonly number: number; readonly count: number };
  readonly state: JobState;
}

export const isOver = (state: JobState): boolean =>
  state.kind === 'done' || state.kind === 'failed' || state.kind === 'cancelled';

/** Whether they are, or were, in the same layer of a document. */
export const isSameLayer = (a: MadeLayer, b: MadeLayer): boolean =>
  a.handle.documentId === b.handle.documentId && a.handle.layerId === b.handle.layerId;

/** A region without its pixels: enough to read it again. */
export type RegionPlace = Pick<Region, 'bounds' | 'face' | 'faceNumber'>;

/** One layer that a job made, without its pixels. */
export interface MadeLayer extends Omit<Patch, 'pixels' | 'mask'> {
  readonly handle: LayerHandle;
  readonly region: RegionPlace;
  /** What the layer covers of the picture, small: as it was, and as it is now. 8 bit. */
  readonly before: Raster;
  readonly after: Raster;
  /** What the two show, in the document's pixels. */
  readonly shown: Bounds;
  /** The W+ codes; `null` when the bridge could not give them any more. */
  readonly latents: Latents | null;
  /** The codes before the operation edited them, for its sliders; `null` likewise. */
  readonly source: Latents | null;
  /** By what these pixels were made: the job's order, or what mixed, edited or placed them since. */
  readonly made: Pick<Order, 'operation' | 'parameters'>;
  /** The codes that mixing starts from; absent until styles were mixed. */
  readonly mixedFrom?: Latents | null;
  /** The host's name of these pixels, by which undo is noticed (`LayerState`). */
  readonly revision: string;
}

export interface JobResult {
  readonly layers: readonly MadeLayer[];
  /** What the layers held before it was replaced: undo brings it back. */
  readonly earlier: readonly MadeLayer[];
  /** The bridge's work without the wait. */
  readonly workMs: number;
  /** How many were worked on, and how often one was seen while it was fitted. */
  readonly faces: number;
  readonly glimpses: number;
}
