import type { Bounds } from '../../../../protocol/geometry';
import type { MadeWith } from '../../../../protocol/madeWith';
import type { Mask, Raster } from '../../../../protocol/raster';

/** A mask of its own size and place; `outside` holds beyond it. */
export interface LayerMask {
  readonly bounds: Bounds;
  readonly mask: Mask;
  readonly outside: 0 | 255;
}

interface LayerBase {
  readonly id: string;
  readonly name: string;
  readonly visible: boolean;
  /** 0..1. */
  readonly opacity: number;
  /** As canvas calls it: `source-over`, `multiply`, … */
  readonly blendMode: string;
  readonly mask: LayerMask | null;
  /** Place in the PSD file it was read from; `null` for layers made here. */
  readonly fileIndex: number | null;
  /** The layer that a result was made of; `null` for every other. */
  readonly madeFrom: string | null;
}

export interface PixelLayer extends LayerBase {
  readonly kind: 'pixel';
  readonly bounds: Bounds;
  /** Exactly the size of `bounds`. */
  readonly pixels: Raster;
  /** The same as its file has them, in the document's profile, where that is not sRGB. */
  readonly own: Raster | null;
  /** Clipped to the layer below. */
  readonly clipped: boolean;
  /** How it was made here; `null` for every other. */
  readonly madeWith: MadeWith | null;
  /** Why it cannot be worked on; `null` means it can. */
  readonly refusal: string | null;
}

export interface GroupLayer extends LayerBase {
  readonly kind: 'group';
  /** Bottom to top. */
  readonly children: readonly Layer[];
}

/** Immutable: a change makes new layers along its path and shares the rest, so that undo is a list of states. */
export type Layer = PixelLayer | GroupLayer;

export function findLayer(layers: readonly Layer[], id: string): Layer | null {
  for (const layer of layers) {
    if (layer.id === id) return layer;
    const inside = layer.kind === 'group' ? findLayer(layer.children, id) : null;
    if (inside) return inside;
  }
  return null;
}

/** Every layer, bottom to top, each group before its content. */
export function* walkLayers(
  layers: readonly Layer[],
  parent: GroupLayer | null = null,
): Generator<{ readonly layer: Layer; readonly parent: GroupLayer | null }> {
  for (const layer of layers) {
    yield { layer, parent };
    if (layer.kind === 'group') yield* walkLayers(layer.children, layer);
  }
}

/** Of every layer that has some. */
export const pixelsOf = (layers: readonly Layer[]): readonly Raster[] =>
  [...walkLayers(layers)].flatMap(({ layer }) => (layer.kind === 'pixel' ? [layer.pixels] : []));

/** The same tree with the layer of this id replaced by others; none removes it. */
export function replaceLayers(
  layers: readonly Layer[],
  id: string,
  change: (layer: Layer) => readonly Layer[],
): readonly Layer[] {
  return layers.flatMap((layer) => {
    if (layer.id === id) return change(layer);
    if (layer.kind !== 'group' || !findLayer(layer.children, id)) return [layer];
    return [{ ...layer, children: replaceLayers(layer.children, id, change) }];
  });
}

/** The same tree with other pixels, one layer after another: each may be large. */
export async function replacePixels(
  layers: readonly Layer[],
  make: (layer: PixelLayer) => Promise<Raster>,
): Promise<readonly Layer[]> {
  const replaced: Layer[] = [];
  for (const layer of layers) {
    replaced.push(
      layer.kind === 'group'
        ? { ...layer, children: await replacePixels(layer.children, make) }
        : { ...layer, pixels: await make(layer), own: null },
    );
  }
  return replaced;
}

/** The same tree without the layer of this id, and without a group that it leaves empty. */
export function removeLayer(layers: readonly Layer[], id: string): readonly Layer[] {
  return layers.flatMap((layer) => {
    if (layer.id === id) return [];
    if (layer.kind !== 'group' || !findLayer(layer.children, id)) return [layer];
    const children = removeLayer(layer.children, id);
    return children.length === 0 ? [] : [{ ...layer, children }];
  });
}
