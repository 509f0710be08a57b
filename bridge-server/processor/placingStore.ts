import { randomUUID } from 'node:crypto';
import { PspError } from '../../protocol/errors';
import type { OperationDeclaration } from '../../protocol/operation';
import type { ParameterValues } from '../../protocol/parameter';
import type { DrawnFace } from './composeFace';
import type { LayerPatch } from './job';
import type { Placement } from './placement';
import { createRecentlyUsed } from './recentlyUsed';

/** What is needed to place a result again without a network. */
export interface PlacedBefore {
  readonly drawn: DrawnFace;
  readonly placement: Placement;
  readonly declaration: OperationDeclaration;
  readonly parameters: ParameterValues;
  /** The patch without its pixels. */
  readonly said: Omit<LayerPatch, 'pixels' | 'mask' | 'bounds' | 'space' | 'placing'>;
}

export interface PlacingStore {
  /** @returns the key under which it may be asked for */
  keep(entry: PlacedBefore): string;
  /**
   * Counts as use: what was placed last goes last.
   * @throws PspError NOT_FOUND where it is no longer kept
   */
  find(key: string): PlacedBefore;
}

/** Some ten faces of 1024² with their regions. */
const defaultMaxBytes = 384 * 2 ** 20;

/** Keeps the most recently placed results within `maxBytes`; one that is larger by itself is not kept. */
export function createPlacingStore(maxBytes = defaultMaxBytes): PlacingStore {
  const entries = createRecentlyUsed(maxBytes, bytesOf);
  return {
    keep(entry) {
      const key = randomUUID();
      entries.set(key, entry);
      return key;
    },
    find(key) {
      const found = entries.get(key);
      if (found) return found;
      throw new PspError(
        'NOT_FOUND',
        'What this result was drawn from is no longer kept. Run the operation again.',
      );
    },
  };
}

/** Of all arrays that hang on it, each counted once. */
function bytesOf(entry: PlacedBefore): number {
  const seen = new Set<unknown>();
  const bytesWithin = (value: unknown): number => {
    if (typeof value !== 'object' || value === null || seen.has(value)) return 0;
    seen.add(value);
    if (ArrayBuffer.isView(value)) return value.byteLength;
    return Object.values(value).reduce<number>((sum, part) => sum + bytesWithin(part), 0);
  };
  return bytesWithin(entry);
}
