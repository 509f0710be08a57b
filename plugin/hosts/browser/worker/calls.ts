import type { Bounds } from '../../../../protocol/geometry';
import type { Raster } from '../../../../protocol/raster';
import type { LayerMask } from '../document/layer';
import type { OpenedFile } from '../files/openedFile';
import type { SavedDocument } from '../files/savePsd';

/** Everything that would make the page stutter, and therefore runs in the worker. */
export interface Calls {
  openPsd(file: NamedBlob): Promise<OpenedFile>;
  /** As the browser reads it. */
  openPicture(file: NamedBlob): Promise<OpenedFile>;
  savePsd(saved: SavedDocument): Promise<Blob>;
  enlarge(work: { readonly pixels: Raster; readonly factor: number }): Promise<Raster>;
  /** 8 bit, no larger than `maxSide`, never enlarged. */
  shrink(work: { readonly pixels: Raster; readonly maxSide: number }): Promise<Raster>;
  /** Pixels with their mask as the screen shows them. */
  paint(layer: PaintedLayer): Promise<ImageBitmap>;
}

export interface NamedBlob {
  readonly blob: Blob;
  readonly name: string;
}

export interface PaintedLayer {
  readonly bounds: Bounds;
  readonly pixels: Raster;
  readonly mask: LayerMask | null;
}

export type CallName = keyof Calls;

export interface CallMessage {
  readonly id: number;
  readonly name: CallName;
  readonly input: unknown;
}

export type AnswerMessage =
  | { readonly id: number; readonly ok: true; readonly output: unknown }
  | {
      readonly id: number;
      readonly ok: false;
      readonly error: { readonly code: string; readonly message: string };
    };
