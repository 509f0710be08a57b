import type { ErrorShape } from '../../protocol/errors';
import type { PreviewRequest } from '../../protocol/preview';
import type { FacePart } from '../../protocol/facePart';
import type { Quad } from '../../protocol/geometry';
import type { Raster } from '../../protocol/raster';
import type { Job, Progress } from '../../protocol/job';
import type { ProviderReport } from '../../protocol/model';
import type { Pictures } from '../image/pictures';
import type { LayerPatch } from '../processor/job';
import type { ParameterValue } from '../../protocol/parameter';
import type { Processor } from '../processor/processor';

/** What each method is given: one value that travels. */
export interface Arguments {
  readonly models: null;
  readonly warm: null;
  readonly findFaces: { readonly pixels: Raster; readonly documentScale: number };
  readonly findParts: { readonly pixels: Raster; readonly quads: readonly Quad[] };
  readonly selectPart: {
    readonly pixels: Raster;
    readonly quad: Quad;
    readonly part: FacePart;
  };
  readonly run: Job;
  readonly preview: PreviewRequest;
  readonly place: {
    readonly placing: string;
    readonly parameters: Readonly<Record<string, ParameterValue>>;
  };
  readonly openPicture: {
    readonly name: string;
    readonly file: Uint8Array;
    readonly maxPixels: number;
  };
  readonly convertPixels: {
    readonly pixels: Raster;
    readonly profile: Uint8Array;
    readonly to: 'srgb' | 'profile';
  };
}

interface Hosted extends Processor {
  readonly openPicture: Pictures['open'];
  readonly convertPixels: Pictures['convert'];
}

export type Method = keyof Arguments;
export type Value<M extends Method> = Awaited<ReturnType<Hosted[M]>>;

/** What the server's process and the inference process say to each other; structured clones. */
export type Call = {
  readonly [M in Method]: {
    readonly kind: 'call';
    readonly id: number;
    readonly method: M;
    readonly argument: Arguments[M];
  };
}[Method];

export type ToWorker = Call | { readonly kind: 'cancel'; readonly id: number };

export type FromWorker =
  | { readonly kind: 'ready'; readonly report: ProviderReport }
  /** The processor could not be opened; the process ends. */
  | { readonly kind: 'unable'; readonly error: ErrorShape }
  | { readonly kind: 'progress'; readonly id: number; readonly progress: Progress }
  /** How a job's codes look meanwhile. */
  | { readonly kind: 'glimpse'; readonly id: number; readonly picture: Raster }
  /** One more layer of a job is ready. */
  | { readonly kind: 'patch'; readonly id: number; readonly patch: LayerPatch }
  | { readonly kind: 'value'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'error'; readonly id: number; readonly error: ErrorShape };
