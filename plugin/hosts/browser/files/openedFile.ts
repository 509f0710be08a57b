import type { Layer } from '../document/layer';

/** What a file holds, as the page works with it. */
export interface OpenedFile {
  readonly width: number;
  readonly height: number;
  readonly depth: 8 | 16;
  readonly layers: readonly Layer[];
  readonly isPsd: boolean;
  /** The layer to work on first: the topmost visible one that can be. */
  readonly selectedId: string | null;
  /** What a person should know about how the page shows it. */
  readonly remarks: readonly string[];
}
