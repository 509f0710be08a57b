/**
 * Photoshop as this adapter uses it: the part of `require('photoshop')` (floor 25.0) that is called,
 * and nothing else. `main.ts` hands in the real module, tests a strict fake, so that both are held to
 * the same list. Shapes follow @types/photoshop 25.0.4 and Adobe's reference; where that reference
 * is silent the comment says what was measured.
 */

export type Samples = Uint8Array | Uint16Array | Float32Array;

/** Right and bottom exclusive; a layer may lie outside the canvas. */
export interface PhotoshopBounds {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export type ColourSpace = 'RGB' | 'Grayscale' | 'Lab';

export interface PhotoshopImageData {
  readonly width: number;
  readonly height: number;
  /** 3 for a Background layer, 4 for other RGB layers; 1 in greyscale, transparency or not. */
  readonly components: number;
  readonly componentSize: 8 | 16 | 32;
  readonly colorSpace: ColourSpace;
  readonly colorProfile: string;
  readonly hasAlpha: boolean;
  /** 16-bit samples are 0..32768 unless `fullRange`. */
  getData(options: { readonly chunky?: boolean; readonly fullRange?: boolean }): Promise<Samples>;
  dispose(): unknown;
}

export interface PixelsResult {
  readonly imageData: PhotoshopImageData;
  /** Trimmed to real pixels, in the pixels of pyramid level `level`. */
  readonly sourceBounds: PhotoshopBounds;
  readonly level: number;
}

export interface PhotoshopImaging {
  getPixels(options: {
    readonly documentID: number;
    readonly layerID: number;
    readonly sourceBounds?: PhotoshopBounds;
    readonly targetSize?: { readonly width?: number; readonly height?: number };
    readonly colorSpace?: ColourSpace;
    readonly colorProfile?: string;
    readonly componentSize?: -1 | 8 | 16 | 32;
    readonly applyAlpha?: boolean;
  }): Promise<PixelsResult>;
  putPixels(options: {
    readonly documentID: number;
    readonly layerID: number;
    readonly imageData: PhotoshopImageData;
    readonly replace?: boolean;
    readonly targetBounds?: PhotoshopBounds;
    readonly commandName?: string;
  }): Promise<void>;
  putLayerMask(options: {
    readonly documentID: number;
    readonly layerID: number;
    readonly imageData: PhotoshopImageData;
    readonly replace?: boolean;
    readonly targetBounds?: PhotoshopBounds;
    readonly commandName?: string;
  }): Promise<void>;
  /** For the self-check alone: the adapter never reads a mask. */
  getLayerMask(options: {
    readonly documentID: number;
    readonly layerID: number;
    readonly sourceBounds?: PhotoshopBounds;
  }): Promise<{ readonly imageData: PhotoshopImageData; readonly sourceBounds: PhotoshopBounds }>;
  getSelection(options: {
    readonly documentID: number;
    readonly sourceBounds?: PhotoshopBounds;
  }): Promise<{ readonly imageData: PhotoshopImageData; readonly sourceBounds: PhotoshopBounds }>;
  putSelection(options: {
    readonly documentID: number;
    readonly imageData: PhotoshopImageData;
    readonly replace?: boolean;
    readonly targetBounds?: PhotoshopBounds;
    readonly commandName?: string;
  }): Promise<void>;
  createImageDataFromBuffer(
    samples: Samples,
    options: {
      readonly width: number;
      readonly height: number;
      readonly components: number;
      readonly colorSpace: ColourSpace;
      readonly colorProfile?: string;
      readonly chunky?: boolean;
      readonly fullRange?: boolean;
    },
  ): Promise<PhotoshopImageData>;
  /** A JPEG, of RGB without alpha only; a string where `base64`. */
  encodeImageData(options: {
    readonly imageData: PhotoshopImageData;
    readonly base64?: boolean;
  }): Promise<string | readonly number[]>;
}

export interface PhotoshopLayer {
  readonly id: number;
  name: string;
  readonly kind: string;
  visible: boolean;
  readonly allLocked: boolean;
  readonly isBackgroundLayer: boolean;
  /** Whether the layer is clipped to the one below. */
  isClippingMask: boolean;
  /** Per cent. */
  opacity: number;
  readonly boundsNoEffects: PhotoshopBounds;
  readonly parent: PhotoshopLayer | null;
  /** A group's layers, topmost first; `null` or absent for others. */
  readonly layers?: ArrayLike<PhotoshopLayer> | null;
  move(relative: PhotoshopLayer, placement: string): unknown;
  delete(): unknown;
}

export interface PhotoshopDocument {
  readonly id: number;
  /** File name, or "Untitled-1". */
  readonly title: string;
  readonly mode: string;
  readonly bitsPerChannel: string;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  /** Pixels per inch. */
  readonly resolution: number;
  /** Topmost first. */
  readonly layers: ArrayLike<PhotoshopLayer>;
  readonly activeLayers: ArrayLike<PhotoshopLayer>;
  readonly activeHistoryState: { readonly id: number };
  readonly selection: { readonly bounds: PhotoshopBounds | null };
  createPixelLayer(options: { readonly name: string }): Promise<PhotoshopLayer | null>;
  createLayerGroup(options: { readonly name: string }): Promise<PhotoshopLayer | null>;
  /** The copy becomes the active document. */
  duplicate(name: string): Promise<PhotoshopDocument>;
  resizeImage(
    width: number,
    height: number,
    resolution: number,
    resampleMethod: string,
  ): Promise<void>;
  readonly saveAs: {
    psd(entry: FileEntry, options?: object, asCopy?: boolean): Promise<void>;
  };
  closeWithoutSaving(): unknown;
}

/** What `executeAsModal` hands to its function, and an action's playback to its handler. */
export interface ExecutionContext {
  readonly isCancelled: boolean;
  onCancel?: ((event?: { reason: string }) => void) | undefined;
  reportProgress(progress: { readonly value?: number; readonly commandName?: string }): void;
  readonly hostControl: HostControl;
}

export interface HostControl {
  suspendHistory(options: {
    readonly documentID: number;
    readonly name: string;
  }): Promise<HistorySuspension>;
  resumeHistory(suspension: HistorySuspension, commit?: boolean): Promise<void>;
}

/** Given back to `resumeHistory` as it came; {@link notSuspended} where nothing was suspended. */
export type HistorySuspension = unknown;

/**
 * What `suspendHistory` answers while the document's history is suspended already, as in a played
 * step (uxp-photoshop, executeasmodal.md). Resuming it with commit raises.
 */
export const notSuspended = 4294967295;

export interface PhotoshopCore {
  executeAsModal<T>(
    run: (context: ExecutionContext) => Promise<T>,
    options: { readonly commandName: string; readonly timeOut?: number },
  ): Promise<T>;
  showAlert(message: string): Promise<void>;
}

/** A batchPlay descriptor or its answer; a failed command answers `{ _obj: 'error', message }`. */
export interface Descriptor {
  readonly _obj: string;
  readonly [property: string]: unknown;
}

/** What a recorded step keeps. Photoshop stores it as an action descriptor: flat scalars are safe. */
export type ActionInfo = Readonly<Record<string, string | number | boolean>>;

export interface PhotoshopAction {
  batchPlay(commands: Descriptor[], options: object): Promise<readonly Descriptor[]>;
  addNotificationListener(
    events: string[],
    listener: (event: string, descriptor: unknown) => void,
  ): unknown;
  removeNotificationListener(
    events: string[],
    listener: (event: string, descriptor: unknown) => void,
  ): unknown;
  /** Adds a step to the action being recorded, 25.0; not in @types/photoshop yet. */
  recordAction(
    options: { readonly name: string; readonly methodName: string },
    info: ActionInfo,
  ): Promise<void>;
}

export interface PhotoshopApp {
  readonly documents: ArrayLike<PhotoshopDocument>;
  /** Throws or is `null` when no document is open. */
  activeDocument: PhotoshopDocument | null;
  /** The new document becomes the active one and has one empty layer. */
  createDocument(options: {
    readonly name: string;
    readonly width: number;
    readonly height: number;
    readonly resolution: number;
    readonly mode: string;
    readonly depth: 8 | 16;
    readonly profile: string;
    readonly fill: string;
  }): Promise<PhotoshopDocument | null>;
}

export interface PhotoshopApi {
  readonly app: PhotoshopApp;
  readonly core: PhotoshopCore;
  readonly action: PhotoshopAction;
  readonly imaging: PhotoshopImaging;
  readonly constants: {
    readonly ElementPlacement: { readonly PLACEBEFORE: string; readonly PLACEINSIDE: string };
    readonly DocumentMode: { readonly RGB: string; readonly GRAYSCALE: string };
    readonly BitsPerChannelType: {
      readonly EIGHT: string;
      readonly SIXTEEN: string;
      readonly THIRTYTWO: string;
    };
    readonly NewDocumentMode: { readonly RGB: string };
    readonly DocumentFill: { readonly TRANSPARENT: string };
    readonly ResampleMethod: { readonly BICUBICSMOOTHER: string };
  };
}

/** `uxp.storage`: what the folder queue reads and writes. */
export interface FileEntry {
  readonly isFile: boolean;
  readonly isFolder: boolean;
  readonly name: string;
  readonly nativePath: string;
  delete(): Promise<unknown>;
  getMetadata(): Promise<{ readonly size: number }>;
}

/** A file whose content is within reach: one that the user chose, or that was made. */
export interface StoredFile extends FileEntry {
  read(options: { readonly format: symbol }): Promise<ArrayBuffer>;
  write(content: ArrayBuffer | string, options: { readonly format: symbol }): Promise<number>;
}

export interface FolderEntry extends FileEntry {
  getEntries(): Promise<readonly FileEntry[]>;
  getEntry(name: string): Promise<FileEntry>;
  createFile(name: string, options?: { readonly overwrite?: boolean }): Promise<StoredFile>;
  createFolder(name: string): Promise<FolderEntry>;
}
