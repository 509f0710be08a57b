import type { NewMetadata } from '../../../../psd';
import type { Layer } from '../document/layer';

/**
 * What a person should know about how the page shows a file: what it does not draw, that its colours are taken for
 * sRGB, and that the browser read it instead of the bridge, which was away or refused to.
 */
export type FileRemark =
  'adjustments' | 'effects' | 'taken-as-srgb' | 'bridge-away' | 'read-by-browser';

/** What a file holds, as the page works with it. */
export interface OpenedFile {
  readonly width: number;
  readonly height: number;
  readonly depth: 8 | 16;
  readonly layers: readonly Layer[];
  /** ICC, of the file's pixels, where they are not sRGB: the layers are in it until they are converted. */
  readonly profile: Uint8Array | null;
  readonly metadata: NewMetadata | null;
  /** The layer to work on first: the topmost visible one that can be. */
  readonly selectedId: string | null;
  /** What a person should know about how the page shows it. */
  readonly remarks: readonly FileRemark[];
}
