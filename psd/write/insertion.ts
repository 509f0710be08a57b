import type { PsdLayer } from '../document';
import type { EncodedLayers } from './encodeLayers';
import type { NewLayer } from './newLayer';

export interface Insertion {
  /**
   * Index of the layer or group (`PsdLayer.index`) that the new layers lie directly above. A
   * document without layers has only 'background': its picture becomes the lowest layer then.
   */
  readonly above: number | 'background';
  /** From the bottom to the top. */
  readonly layers: readonly NewLayer[];
}

/** An insertion with its place found and its bytes made. */
export interface PlacedInsertion {
  /** `null`: above the picture of a document without layers. */
  readonly target: PsdLayer | null;
  readonly layers: readonly NewLayer[];
  readonly clipped: boolean;
  readonly encoded: EncodedLayers;
}
