import type { ErrorShape } from '../../protocol/errors';
import type { Face } from '../../protocol/face';
import type { Bounds } from '../../protocol/geometry';
import type { OperationDeclaration, ParameterValues } from '../../protocol/operation';
import type { PatchSpace } from '../../protocol/patchSpace';
import type { Mask, Raster } from '../../protocol/raster';

/** An installed model as people see it. */
export interface InstalledModel {
  readonly name: string;
  readonly operations: readonly string[];
  readonly resolution: number;
  readonly nStyles: number;
  readonly domain: string;
  readonly licence: string;
  readonly attribution: string;
  /** Shipped with the product: cannot be removed. */
  readonly embedded: boolean;
}

export interface Capabilities {
  readonly operations: readonly OperationDeclaration[];
  readonly models: readonly InstalledModel[];
  readonly provider: {
    readonly provider: string;
    readonly device: string;
    readonly passedOver: readonly string[];
  };
}

/** A piece of the layer at full resolution; `bounds` and `face` are in the document's pixels. */
export interface RegionRequest {
  readonly bounds: Bounds;
  readonly pixels: Raster;
  readonly face: Face | null;
  readonly faceNumber: number | null;
  /** 255 where the picture is to be filled in, the size of `pixels`. */
  readonly hole: Mask | null;
  /** A .npy file of W+ codes to start from instead of encoding the pixels. */
  readonly latents: Uint8Array | null;
}

export interface RunRequest {
  readonly operation: string;
  readonly model: string | null;
  readonly parameters: ParameterValues;
  readonly priority: 'interactive' | 'batch';
  readonly regions: readonly RegionRequest[];
}

export type Stage = 'align' | 'encode' | 'decode' | 'paste';

export interface RunProgress {
  readonly stage: Stage;
  readonly done: number;
  readonly total: number;
  readonly remainingMs: number | null;
}

export interface RunEvents {
  /** `place` jobs go before this one. */
  onQueued(place: number): void;
  onProgress(progress: RunProgress): void;
}

export interface ResultPatch {
  readonly name: string;
  readonly space: PatchSpace;
  readonly bounds: Bounds;
  readonly pixels: Raster;
  readonly mask: Mask;
  readonly faceNumber: number | null;
  readonly variant: number;
  readonly seed: number | null;
  readonly model: string;
  readonly identity: number | null;
}

export interface RunResult {
  readonly patches: readonly ResultPatch[];
  readonly workMs: number;
}

export interface BridgeRun {
  readonly result: Promise<RunResult>;
  /** The result then rejects with CANCELLED. */
  cancel(): void;
  /** The W+ codes behind one patch, as a .npy file; only after the result and before `forget`. */
  latents(patch: number): Promise<Uint8Array>;
  /** Tells the bridge that the result is not needed again. */
  forget(): void;
}

/** The bridge server as the plug-in's core sees it, whatever the wire. Every failure is a PspError. */
export interface Bridge {
  /** @param documentScale document pixels per preview pixel */
  findFaces(preview: Raster, documentScale: number): Promise<readonly Face[]>;
  run(request: RunRequest, events: RunEvents): BridgeRun;
  importModel(name: string, checkpoint: Uint8Array): Promise<InstalledModel>;
  removeModel(name: string): Promise<void>;
}

/** What can be said about the way to the bridge at any moment. */
export type ConnectionState =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'not-running' }
  | { readonly kind: 'wrong-version'; readonly error: ErrorShape }
  | { readonly kind: 'not-paired'; readonly error: ErrorShape }
  | { readonly kind: 'ready'; readonly capabilities: Capabilities };
