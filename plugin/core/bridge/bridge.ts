import type { ErrorShape } from '../../../protocol/errors';
import type { EventParams } from '../../../protocol/events';
import type { Face } from '../../../protocol/face';
import type { FacePart } from '../../../protocol/facePart';
import type { Quad } from '../../../protocol/geometry';
import type { Job, Patch, Priority } from '../../../protocol/job';
import type { Latents } from '../../../protocol/latents';
import type { Params, Result } from '../../../protocol/methods';
import type { InstalledModel } from '../../../protocol/model';
import type { PreviewPicture, PreviewRequest } from '../../../protocol/preview';
import type { ParameterValues } from '../../../protocol/parameter';
import type { Mask, Raster } from '../../../protocol/raster';

export type Capabilities = Result<'capabilities'>;

export interface RunRequest extends Job {
  readonly priority: Priority;
}

export type RunProgress = Omit<EventParams<'progress'>, 'job'>;

export interface RunEvents {
  /** What part of the pixels is on its way, 0..1. */
  onSending(share: number): void;
  /** `place` jobs go before this one. */
  /** `waitsFor` is "fetch" where finished results have to be taken first, null where only others go before. */
  onQueued(place: number, waitsFor: string | null): void;
  onProgress(progress: RunProgress): void;
}

export interface RunResult {
  readonly patches: readonly Patch[];
  readonly workMs: number;
}

export interface BridgeRun {
  readonly result: Promise<RunResult>;
  /** How the codes look that are being fitted: the aligned face; `null` where nothing is to be seen. */
  glimpse(): Promise<Raster | null>;
  /** The result then rejects with CANCELLED. */
  cancel(): void;
  /**
   * W+ codes of one patch, as they were decoded or before the operation edited them; only after the
   * result and before `forget`.
   */
  latents(patch: number, of?: 'patch' | 'source'): Promise<Latents>;
  /** Tells the bridge that the result is not needed again. */
  forget(): void;
}

export interface ImportOptions {
  /** As the user knows the file; it may tell what the model is for. */
  readonly fileName?: string;
  /** Of the part that takes longest, converting: 0..1. */
  readonly onProgress?: (share: number) => void;
  /** Receives the way to stop; the import then rejects with CANCELLED. */
  readonly onStarted?: (cancel: () => void) => void;
}

/** The bridge server as the plug-in's core sees it, whatever the wire. Every failure is a PspError. */
export interface Bridge {
  /** @param documentScale document pixels per preview pixel */
  findFaces(
    preview: Raster,
    documentScale: number,
    /** Receives the way to stop; the search then rejects with CANCELLED. */
    onStarted?: (cancel: () => void) => void,
  ): Promise<readonly Face[]>;
  /**
   * Where a part of a face is, at the picture's own resolution.
   * @param quad the face's crop in the picture's pixels
   * @returns a mask of the picture's size
   */
  selectPart(pixels: Raster, quad: Quad, part: FacePart): Promise<Mask>;
  run(request: RunRequest, events: RunEvents): BridgeRun;
  /** How codes look when they are edited: small and soon. */
  preview(request: PreviewRequest): Promise<PreviewPicture>;
  /**
   * A patch of an earlier result with other values for what needs no network (area, selection, feather, colour
   * match, grain, share of the photograph). @param placing as that patch says
   */
  place(placing: string, parameters: ParameterValues): Promise<Patch>;
  /** @param checkpoint its bytes, or where it lies on the bridge's machine */
  importModel(
    name: string,
    checkpoint: Uint8Array | { readonly path: string },
    options?: ImportOptions,
  ): Promise<InstalledModel>;
  removeModel(name: string): Promise<void>;
  /** Of another editor on the bridge's machine. */
  installPlugIn(editor: Params<'install-plug-in'>['editor']): Promise<Result<'install-plug-in'>>;
}

/** What can be said about the way to the bridge at any moment. */
export type ConnectionState =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'not-running' }
  | { readonly kind: 'wrong-version'; readonly error: ErrorShape }
  /** Another connection of this host is used instead of this one. */
  | { readonly kind: 'replaced'; readonly error: ErrorShape }
  | { readonly kind: 'not-paired'; readonly error: ErrorShape }
  | { readonly kind: 'ready'; readonly capabilities: Capabilities };
