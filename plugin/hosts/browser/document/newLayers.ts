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
} as const;

export function pixelLayer(
  given: Pick<PixelLayer, 'name' | 'bounds' | 'pixels'> & Partial<PixelLayer>,
): PixelLayer {
  return {
    ...appearance,
    kind: 'pixel',
    clipped: false,
    refusal: null,
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
export function layersOf(commit: LayerCommit, depth: 8 | 16): readonly Layer[] {
  const made = commit.layers.map((layer) => asPixelLayer(layer, depth));
  if (made.length < 2) return made;
  return [groupLayer({ name: commit.groupName, children: made })];
}

function asPixelLayer(
  { name, bounds, pixels, mask, opacity }: NewLayer,
  depth: 8 | 16,
): PixelLayer {
  return pixelLayer({
    name,
    bounds,
    opacity,
    pixels: toDepth(pixels, depth),
    mask: { bounds, mask, outside: 0 },
  });
}

/** Directly above a layer, and above what is clipped to it: a clipping stack must not be torn. */
export function insertAbove(
  layers: readonly Layer[],
  id: string,
  made: readonly Layer[],
): readonly Layer[] {
  const at = layers.findIndex((layer) => layer.id === id);
  if (at >= 0) {
    let above = at + 1;
    for (let next = layers[above]; next?.kind === 'pixel' && next.clipped; next = layers[above]) {
      above += 1;
    }
    return [...layers.slice(0, above), ...made, ...layers.slice(above)];
  }
  return layers.map((layer) =>
    layer.kind === 'group' && findLayer(layer.children, id)
      ? { ...layer, children: insertAbove(layer.children, id, made) }
      : layer,
  );
}
