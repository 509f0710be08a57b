import { PspError } from '../../../../protocol/errors';
import { boundsHeight, boundsWidth, unionBounds } from '../../../../protocol/geometry';
import type { Raster } from '../../../../protocol/raster';
import type { LayerCommit, NewLayer } from '../../../core/document';
import { enlargedCopy } from './enlargedCopy';
import type { Layer } from './layer';
import { LayeredDocument } from './layeredDocument';
import { insertAbove, layersOf } from './newLayers';

export interface Committed {
  /** Where the layers are now: the document they were made of, or a new one that nobody has opened yet. */
  readonly document: LayeredDocument;
  readonly made: readonly Layer[];
}

/**
 * Puts a commit's layers where its space says: above their source in one undo step, above it in an
 * enlarged copy of the document, or by themselves in a document of their size.
 * @throws PspError INTERNAL where a layer's pixels do not fill its bounds
 */
export async function commitTo(
  document: LayeredDocument,
  sourceId: string,
  commit: LayerCommit,
  enlarge: (pixels: Raster, factor: number) => Promise<Raster>,
): Promise<Committed> {
  for (const layer of commit.layers) checkSizes(layer);
  const { init } = document;
  switch (commit.space.kind) {
    case 'document': {
      const made = layersOf(commit, init.depth, sourceId);
      document.apply(commit.commandName, (state) => ({
        ...state,
        layers: insertAbove(state.layers, sourceId, made),
      }));
      return { document, made };
    }
    case 'enlarged': {
      const copy = await enlargedCopy(document, commit.space.factor, enlarge);
      const made = layersOf(commit, copy.depth, sourceId);
      const layers = insertAbove(copy.layers, sourceId, made);
      return { document: new LayeredDocument({ ...copy, layers }), made };
    }
    case 'crop': {
      const made = layersOf(commit, init.depth, null);
      const { right, bottom } = unionBounds(commit.layers.map(({ bounds }) => bounds));
      const name = `${init.name} · ${commit.layers[0]?.name ?? commit.commandName}`;
      const { depth, profile, metadata } = init;
      const kept = { depth, profile, metadata, psd: null, remarks: [] };
      const size = { width: right, height: bottom };
      return { document: new LayeredDocument({ ...kept, ...size, name, layers: made }), made };
    }
  }
}

/** @throws PspError INTERNAL where pixels or mask do not fill the bounds */
export function checkSizes({ name, bounds, pixels, mask }: NewLayer): void {
  const width = boundsWidth(bounds);
  const height = boundsHeight(bounds);
  const fits = (part: { readonly width: number; readonly height: number }) =>
    part.width === width && part.height === height;
  if (!fits(pixels) || !fits(mask)) {
    throw new PspError(
      'INTERNAL',
      `The layer "${name}" has ${pixels.width} × ${pixels.height} pixels for a place of ${width} × ${height}.`,
    );
  }
}
