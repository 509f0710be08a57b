import type { Face } from '../../protocol/face';
import type { FacePart } from '../../protocol/facePart';
import type { Quad } from '../../protocol/geometry';
import type { Mask, Raster } from '../../protocol/raster';
import type { Job, Progress, Timing } from '../../protocol/job';
import type { InstalledModel, ProviderReport } from '../../protocol/model';
import type { PreviewPicture, PreviewRequest } from '../../protocol/preview';
import type { ParameterValue } from '../../protocol/parameter';
import type { FaceParts } from '../faces';
import type { LayerPatch } from './job';

export interface FindOptions {
  /** Document pixels per pixel of a preview: what "too small" counts in. Default 1. */
  readonly documentScale?: number;
  readonly signal?: AbortSignal;
}

export interface RunOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
  /** How codes look that are being fitted, 256², 8 bit: before the first step and after each. */
  readonly onGlimpse?: (picture: Raster) => void;
}

export interface StreamOptions extends RunOptions {
  /** Each new layer as soon as it is ready, by region and variant. */
  readonly onPatch: (patch: LayerPatch) => void;
}

/** All the picture work behind one small surface: the command line calls it, the server's child process hosts it. */
export interface Processor {
  readonly report: ProviderReport;
  models(): Promise<readonly InstalledModel[]>;
  /** Faces of a preview or a whole picture, largest first, in its pixels. */
  findFaces(pixels: Raster, options?: FindOptions): Promise<readonly Face[]>;
  /**
   * Readies the networks that the first click will likely need, while nothing else is asked for; asked again, it
   * has nothing to do. Never fails.
   */
  warm(): Promise<void>;
  /**
   * The parts of faces of a picture, by their crops' quads in its pixels.
   * @throws PspError BAD_INPUT when a quad is no square, INFERENCE_FAILED, CANCELLED
   */
  findParts(
    pixels: Raster,
    quads: readonly Quad[],
    signal?: AbortSignal,
  ): Promise<readonly FaceParts[]>;
  /**
   * Where a part of one face is, by the face's crop in the picture's pixels: a mask of the picture's size.
   * @throws PspError BAD_INPUT when the quad is no square, INFERENCE_FAILED, CANCELLED
   */
  selectPart(pixels: Raster, quad: Quad, part: FacePart, signal?: AbortSignal): Promise<Mask>;
  /**
   * Runs one operation on every region of the job; resolves after the last patch with the time per stage.
   * @throws PspError MODEL_MISSING, BAD_INPUT, FACE_TOO_SMALL, FACE_TURNED_AWAY, CANCELLED, INFERENCE_FAILED, OUT_OF_MEMORY
   */
  run(job: Job, options: StreamOptions): Promise<readonly Timing[]>;
  /**
   * How an edit looks, small and soon.
   * @throws PspError as `run` does, and NOT_FOUND for a model that is gone
   */
  preview(request: PreviewRequest, signal: AbortSignal): Promise<PreviewPicture>;
  /**
   * A patch of an earlier run placed anew, with other values for `placingNames`; no network runs.
   * @throws PspError BAD_INPUT, NOT_FOUND where it is no longer kept
   */
  place(placing: string, parameters: Readonly<Record<string, ParameterValue>>): Promise<LayerPatch>;
  close(): Promise<void>;
}
