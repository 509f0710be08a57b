import { PspError } from '../../../../protocol/errors';
import type { LayerCommit, LayerHandle } from '../../../core/document';
import type { ExecutionContext, PhotoshopApi, PhotoshopDocument, PhotoshopLayer } from '../api';
import { addAbove } from './addLayers';
import { depthOf, srgb } from './documentColour';
import { oneStep, unlessRefused } from './undoStep';

/** A copy of the whole document, `factor` times as large, with the layers above the source's copy. */
export async function enlargedCopy(
  api: PhotoshopApi,
  context: ExecutionContext,
  document: PhotoshopDocument,
  source: PhotoshopLayer,
  factor: number,
  commit: LayerCommit,
): Promise<readonly LayerHandle[]> {
  const path = pathTo(document.layers, source.id);
  const copy = await document.duplicate(`${document.title} ×${factor}`);
  return orClosed(copy, () =>
    oneStep(context, copy, commit.commandName, async () => {
      await copy.resizeImage(
        document.width * factor,
        document.height * factor,
        document.resolution,
        api.constants.ResampleMethod.BICUBICSMOOTHER,
      );
      return addAbove(api, copy, layerAt(copy.layers, path), commit);
    }),
  );
}

/** A new document of the layers' own size that holds nothing else. */
export async function newPicture(
  api: PhotoshopApi,
  context: ExecutionContext,
  document: PhotoshopDocument,
  commit: LayerCommit,
): Promise<readonly LayerHandle[]> {
  const picture = await api.app.createDocument({
    name: commit.groupName,
    width: Math.max(...commit.layers.map(({ bounds }) => bounds.right)),
    height: Math.max(...commit.layers.map(({ bounds }) => bounds.bottom)),
    resolution: document.resolution,
    mode: api.constants.NewDocumentMode.RGB,
    depth: depthOf(api, document) === 8 ? 8 : 16,
    profile: srgb,
    fill: api.constants.DocumentFill.TRANSPARENT,
  });
  const [empty] = Array.from(picture?.layers ?? []);
  if (!picture || !empty) {
    throw new PspError(
      'OUTPUT_FAILED',
      'Photoshop could not make a new document. Close what you do not need, then run this again.',
    );
  }
  return orClosed(picture, () =>
    oneStep(context, picture, commit.commandName, async () => {
      const made = await addAbove(api, picture, empty, commit);
      await empty.delete();
      return made;
    }),
  );
}

/** A new document that could not be finished is not left behind. */
async function orClosed<T>(document: PhotoshopDocument, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    await unlessRefused(() => document.closeWithoutSaving());
    throw error;
  }
}

/** Positions from the top level down: ids are not promised to survive in a copy. */
function pathTo(layers: ArrayLike<PhotoshopLayer>, id: number): readonly number[] {
  for (const [index, layer] of Array.from(layers).entries()) {
    if (layer.id === id) return [index];
    const inside = layer.layers ? pathTo(layer.layers, id) : [];
    if (inside.length > 0) return [index, ...inside];
  }
  return [];
}

function layerAt(layers: ArrayLike<PhotoshopLayer>, path: readonly number[]): PhotoshopLayer {
  const [index, ...rest] = path;
  const layer = layers[index ?? 0]!;
  return rest.length === 0 ? layer : layerAt(layer.layers ?? [], rest);
}
