import type { PhotoshopApi, PhotoshopDocument } from '../api';
import { play, selectLayers } from '../batchPlay';

/** Making, moving and masking layers selects them: afterwards the user's own are selected again. */
export async function keepingSelectedLayers<T>(
  api: PhotoshopApi,
  document: PhotoshopDocument,
  run: () => Promise<T>,
): Promise<T> {
  const selected = Array.from(document.activeLayers, ({ id }) => id);
  const result = await run();
  await play(api, selectLayers(selected));
  return result;
}
