import type { Bounds } from '../../../../protocol/geometry';
import type { Raster } from '../../../../protocol/raster';
import type { Layer, LayerMask } from './layer';
import type { DocumentInit, LayeredDocument } from './layeredDocument';
import { enlargeMask } from './pixels';

const scaled = (bounds: Bounds, factor: number): Bounds => ({
  left: bounds.left * factor,
  top: bounds.top * factor,
  right: bounds.right * factor,
  bottom: bounds.bottom * factor,
});

/** A document with every layer enlarged; the layers keep their ids, so that a target is found again. */
export async function enlargedCopy(
  document: LayeredDocument,
  factor: number,
  enlarge: (pixels: Raster, factor: number) => Promise<Raster>,
): Promise<DocumentInit> {
  const { name, width, height, depth, profile, metadata, remarks } = document.init;
  const mask = (own: LayerMask | null): LayerMask | null =>
    own && { ...own, bounds: scaled(own.bounds, factor), mask: enlargeMask(own.mask, factor) };
  const copy = async (layer: Layer): Promise<Layer> => {
    const shared = { fileIndex: null, mask: mask(layer.mask) };
    if (layer.kind === 'group') {
      return { ...layer, ...shared, children: await copyAll(layer.children) };
    }
    const pixels = await enlarge(layer.pixels, factor);
    return { ...layer, ...shared, bounds: scaled(layer.bounds, factor), pixels, own: null };
  };
  const copyAll = async (layers: readonly Layer[]): Promise<readonly Layer[]> => {
    const copies: Layer[] = [];
    // One after another: every enlarged layer is large.
    for (const layer of layers) copies.push(await copy(layer));
    return copies;
  };
  return {
    name: `${name} × ${factor}`,
    width: width * factor,
    height: height * factor,
    depth,
    layers: await copyAll(document.state.value.layers),
    psd: null,
    profile,
    metadata,
    remarks,
  };
}
