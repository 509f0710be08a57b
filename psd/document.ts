/** What a PSD or PSB file holds, as offsets into it. Pixels stay in the file until asked for. */

/** Whole pixels; right and bottom are exclusive. Layers may reach outside their document. */
export interface PsdBounds {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export type ColorMode =
  'bitmap' | 'greyscale' | 'indexed' | 'rgb' | 'cmyk' | 'multichannel' | 'duotone' | 'lab';

export type Depth = 1 | 8 | 16 | 32;

export interface PsdHeader {
  /** PSB: wider length fields, up to 300,000 pixels a side. */
  readonly large: boolean;
  /** Channels of the flattened preview: the colour's, then transparency or saved selections. */
  readonly channelCount: number;
  readonly width: number;
  readonly height: number;
  readonly depth: Depth;
  readonly colorMode: ColorMode;
}

/** A run of the file's bytes. */
export interface FileRange {
  readonly offset: number;
  readonly length: number;
}

export interface ImageResource extends FileRange {
  readonly id: number;
}

export interface TaggedBlock extends FileRange {
  readonly key: string;
  /** Where the block's length field lies. */
  readonly lengthOffset: number;
  readonly lengthBytes: 4 | 8;
}

/** One plane of a layer; the range starts with its two bytes of compression. */
export interface LayerChannel extends FileRange {
  /** 0, 1, 2: colour; −1: transparency; −2: mask; −3: the pixel mask where −2 is combined. */
  readonly id: number;
}

export interface LayerMask {
  readonly bounds: PsdBounds;
  /** The mask outside its bounds. */
  readonly defaultColor: 0 | 255;
  readonly disabled: boolean;
}

export interface LayerLocks {
  readonly transparency: boolean;
  readonly pixels: boolean;
  readonly position: boolean;
  readonly all: boolean;
}

export type LayerKind =
  | 'pixels'
  | 'text'
  | 'smart-object'
  | 'fill'
  | 'adjustment'
  | 'group'
  /** The invisible record that closes a group at its bottom. */
  | 'group-end';

export interface PsdLayer {
  /** Place in the file: 0 is the lowest. A group's record lies above those of its members. */
  readonly index: number;
  /** Photoshop's own identifier (`lyid`), where the file has it. */
  readonly id: number | null;
  readonly name: string;
  readonly kind: LayerKind;
  /** Index of the enclosing group's record. */
  readonly parent: number | null;
  readonly bounds: PsdBounds;
  readonly visible: boolean;
  /** 0..1 */
  readonly opacity: number;
  /** 0..1; "Fill" in the layers panel. */
  readonly fillOpacity: number;
  /** Photoshop's four-letter key: `norm`, `mul `, `pass`, … */
  readonly blendMode: string;
  /** Clipped to the layer below. */
  readonly clipped: boolean;
  readonly locks: LayerLocks;
  readonly mask: LayerMask | null;
  readonly hasVectorMask: boolean;
  readonly hasEffects: boolean;
  readonly channels: readonly LayerChannel[];
  readonly blocks: readonly TaggedBlock[];
  /** The record's bytes. */
  readonly record: FileRange;
}

/** Where the layers lie: in the section itself, or in its `Lr16` or `Lr32` block. */
export interface LayerInfo {
  /** The length field of the layer info or of its block. */
  readonly lengthOffset: number;
  readonly lengthBytes: 4 | 8;
  /** From the layer count to the end of the padding. */
  readonly content: FileRange;
  /** Where the records end and the channels' data begins. */
  readonly channelsOffset: number;
  /** Where the last channel ends and the padding begins. */
  readonly channelsEnd: number;
  /** The preview's first extra channel is its transparency: the layer count is negative. */
  readonly mergedTransparency: boolean;
}

export interface PsdDocument {
  readonly header: PsdHeader;
  readonly size: number;
  /** Content of the image resources section; its length field lies four bytes before. */
  readonly resources: FileRange & { readonly blocks: readonly ImageResource[] };
  /** Content of the layer and mask section; its length field lies before. */
  readonly layerSection: FileRange;
  readonly layerInfo: LayerInfo | null;
  /** From the bottom to the top, as the file has them. Empty in a flattened document. */
  readonly layers: readonly PsdLayer[];
  /** The flattened preview, from its two bytes of compression to the end of the file. */
  readonly preview: FileRange;
  /** The ICC profile's bytes in the file. */
  readonly iccProfile: FileRange | null;
}

export const boundsWidth = (bounds: PsdBounds): number => bounds.right - bounds.left;
export const boundsHeight = (bounds: PsdBounds): number => bounds.bottom - bounds.top;

/** Shown in its editor: itself and every group around it. */
export function isShown(document: PsdDocument, layer: PsdLayer): boolean {
  for (let at: PsdLayer | undefined = layer; at; at = document.layers[at.parent ?? -1]) {
    if (!at.visible) return false;
  }
  return true;
}
