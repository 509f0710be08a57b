import type { LayerCommit, NewLayer } from '../../../core/document';
import { findLayer, type GroupLayer, type Layer, type PixelLayer } from './layer';
import { toDepth } from './pixels';

let nextLayerId = 1;
/** Layers are made in the page and in its worker: each counts for itself. */
const realm = Math.random().toString(36).slice(2, 8);

/** Ids are never used twice, so that an undone layer cannot be mistaken for a new one. */
export const newLayerId = (): string => `layer-${realm}-${nextLayerId++}`;

const appearance = {
  visible: true,
  opacity: 1,
  blendMode: 'source-over',
  mask: null,
  fileIndex: null,
  madeFrom: null,
} as const;

export function pixelLayer(
  given: Pick<PixelLayer, 'name' | 'bounds' | 'pixels'> & Partial<PixelLayer>,
): PixelLayer {
  return {
    ...appearance,
    kind: 'pixel',
    clipped: false,
    refusal: null,
    own: null,
    madeWith: null,
    id: newLayerId(),
    ...given,
  };
}

export function groupLayer(
  given: Pick<GroupLayer, 'name' | 'children'> & Partial<GroupLayer>,
): GroupLayer {
  return { ...appearance, kind: 'group', id: newLayerId(), ...given };
}

/** A commit's layers, in a group when there are several. */
export function layersOf(
  commit: LayerCommit,
  depth: 8 | 16,
  madeFrom: string | null,
): readonly Layer[] {
  const made = commit.layers.map((layer) => asPixelLayer(layer, depth));
  const whole = made.length < 2 ? made : [groupLayer({ name: commit.groupName, children: made })];
  return whole.map((layer) => ({ ...layer, madeFrom }));
}

function asPixelLayer(
  { name, bounds, pixels, mask, opacity, visible, madeWith = null }: NewLayer,
  depth: 8 | 16,
): PixelLayer {
  return pixelLayer({
    name,
    bounds,
    opacity,
    visible,
    madeWith,
    pixels: toDepth(pixels, depth),
    mask: { bounds, mask, outside: 0 },
  });
}

/**
 * Directly above a layer, what is clipped to it (a clipping stack must not be torn), and earlier
 * results of the same layer: what has just been made must show.
 */
export function insertAbove(
  layers: readonly Layer[],
  id: string,
  made: readonly Layer[],
): readonly Layer[] {
  const at = layers.findIndex((layer) => layer.id === id);
  if (at >= 0) {
    const rest = layers.slice(at + 1);
    const next = rest.findIndex((layer) => !isClipped(layer) && layer.madeFrom !== id);
    const above = next < 0 ? layers.length : at + 1 + next;
    return [...layers.slice(0, above), ...made, ...layers.slice(above)];
  }
  return layers.map((layer) =>
    layer.kind === 'group' && findLayer(layer.children, id)
      ? { ...layer, children: insertAbove(layer.children, id, made) }
      : layer,
  );
}

const isClipped = (layer: Layer): boolean => layer.kind === 'pixel' && layer.clipped;
