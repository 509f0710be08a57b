import type { Bounds } from '../../protocol/geometry';
import type { MadeWith } from '../../protocol/madeWith';
import type { PatchSpace } from '../../protocol/patchSpace';
import type { Mask, Raster } from '../../protocol/raster';

/** A layer to work on, as it was when it was listed. Ids are the host's own, as text. */
export interface LayerTarget {
  readonly documentId: string;
  readonly documentName: string;
  readonly layerId: string;
  readonly layerName: string;
  /** Where the layer has pixels, in the document's pixels; may reach outside the canvas. */
  readonly bounds: Bounds;
  /** Why this layer cannot be worked on, as a sentence with the next step; `null` means it can. */
  readonly refusal: string | null;
  /** Differs whenever the layer's pixels may have changed: faces found under another revision are stale. */
  readonly revision: string;
}

/** What changed: which layer is worked on (documents and selected layers too), or a layer's pixels. */
export type HostChange = 'target' | 'pixels';

export type TargetScope = 'selected-layers' | 'open-documents';

/** A layer shrunk for face detection and thumbnails. */
export interface Preview {
  /** 8 bit. */
  readonly pixels: Raster;
  /** What of the document the preview covers; the scale is `boundsWidth(bounds) / pixels.width`. */
  readonly bounds: Bounds;
}

/** One new layer: straight-alpha pixels and a separate mask, both exactly the size of `bounds`. */
export interface NewLayer {
  readonly name: string;
  readonly bounds: Bounds;
  readonly pixels: Raster;
  readonly mask: Mask;
  /** 0..1. */
  readonly opacity: number;
  /** Of several variants of one face only the first is shown: the others would lie under the last. */
  readonly visible: boolean;
  /** For hosts whose documents can say it. */
  readonly madeWith?: MadeWith | null;
}

/** Where something is, in the document's pixels. */
export interface MaskedArea {
  readonly bounds: Bounds;
  /** The size of `bounds`. */
  readonly mask: Mask;
}

export interface LayerCommit {
  /**
   * `document`: above the target. `enlarged`: into a copy of the whole document, enlarged, above the
   * target's copy. `crop`: into a new document that is as large as the layers and holds nothing else.
   */
  readonly space: PatchSpace;
  /** The name of the one undo step. */
  readonly commandName: string;
  /** Several layers go into a group of this name. */
  readonly groupName: string;
  /** Bottom to top. */
  readonly layers: readonly NewLayer[];
}

/** A layer that a commit made. */
export interface LayerHandle {
  readonly documentId: string;
  readonly layerId: string;
}

/** How such a layer is now. */
export interface LayerState {
  /** Differs whenever its pixels were replaced, and is the earlier one again once that is undone. */
  readonly revision: string;
  /** 0..1. */
  readonly opacity: number;
  /** Whether it is shown itself, whatever groups it is in. */
  readonly visible: boolean;
}

/** What becomes of layers that a commit made; all of one document. */
export interface LayerChange {
  readonly show?: readonly LayerHandle[];
  readonly hide?: readonly LayerHandle[];
  /** A group that is left empty goes with them. */
  readonly remove?: readonly LayerHandle[];
}

/**
 * A picture editor, wrapped once. Every method that fails throws a PspError: DOCUMENT_CHANGED when the
 * document or layer is gone, BAD_INPUT when the layer cannot be used, OUTPUT_FAILED when writing fails.
 * No method waits for the network, so that an editor is never held longer than its own work takes.
 */
export interface DocumentHost {
  /** For people: "Photoshop", "Browser". */
  readonly name: string;

  /** `selected-layers`: of the active document, top first. `open-documents`: the active layer of each. */
  listTargets(scope: TargetScope): Promise<readonly LayerTarget[]>;

  /** Calls back when the active document, the selected layers or a document's content changed. Returns the way to stop. */
  onChange(listener: (change: HostChange) => void): () => void;

  /** The layer without its mask, effects and opacity, no larger than `maxSide` on either side, never enlarged. */
  readPreview(target: LayerTarget, maxSide: number): Promise<Preview>;

  /**
   * Full-resolution pixels of one layer, exactly the size of `bounds`: transparent black where the
   * layer has none. 8-bit documents give 8 bit, deeper ones 16.
   */
  readRegion(target: LayerTarget, bounds: Bounds): Promise<Raster>;

  /** The document's selection in `bounds`, 255 where selected; `null` when nothing is selected. */
  readSelectionMask(target: LayerTarget, bounds: Bounds): Promise<Mask | null>;

  /**
   * Selects what the areas show of the layer's document and nothing else, in one undo step. Absent where the host
   * cannot, or has its own place for it.
   */
  select?(target: LayerTarget, commandName: string, areas: readonly MaskedArea[]): Promise<void>;

  /** Whether both the document and the layer are still there. */
  exists(layer: LayerHandle): Promise<boolean>;

  /** How a layer that a commit made is now; `null` when it or its document is gone. */
  look(layer: LayerHandle): Promise<LayerState | null>;

  /**
   * Adds layers directly above the target in one undo step, in a group when there are several.
   * Selection, selected layers and every other layer stay as they were; on failure nothing changes.
   * A new document (see `LayerCommit.space`) comes to the front and the target's stays untouched.
   * @returns the new layers in the order of `commit.layers`.
   */
  commitLayers(target: LayerTarget, commit: LayerCommit): Promise<readonly LayerHandle[]>;

  /** Puts new pixels and mask into a layer that a commit made, in one undo step; it stays shown or hidden. */
  replaceLayer(layer: LayerHandle, commandName: string, content: NewLayer): Promise<void>;

  /** 0..1. */
  setOpacity(layer: LayerHandle, opacity: number): Promise<void>;

  /** Shows, hides and removes layers in one undo step. */
  changeLayers(commandName: string, change: LayerChange): Promise<void>;

  /** Lets the user choose a folder for an unattended run; `null` when they decline or the host cannot. */
  chooseFolder(): Promise<PictureFolder | null>;

  /** Shows a sentence to the user outside the panel, where the host has a place for it. */
  notify(message: string): void;
}

/** A folder of pictures: read from it, written to a sub-folder of it, sources never overwritten. */
export interface PictureFolder {
  readonly name: string;
  /** File names that can be opened, in order. */
  listPictures(): Promise<readonly string[]>;
  /** Names of pictures whose result of this work is already there: a run that was stopped leaves them out. */
  listFinished(work: string): Promise<readonly string[]>;
  /** Opens a picture without showing it more than the host must; answers the layer to work on. */
  open(pictureName: string): Promise<LayerTarget>;
  /** Saves the document as a PSD named after picture and work into the output folder; refuses to overwrite. */
  save(target: LayerTarget, pictureName: string, work: string): Promise<void>;
  /** Closes the document without saving and without asking. */
  close(target: LayerTarget): Promise<void>;
}
