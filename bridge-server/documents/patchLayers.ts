import type { NewLayer } from '../../psd';
import type { LayerPatch } from '../operations/job';

/** Patches as layers with real masks: in a group when there are several. */
export function patchLayers(patches: readonly LayerPatch[], groupName: string): NewLayer[] {
  const layers = patches.map(({ name, bounds, pixels, mask }): NewLayer => ({
    kind: 'pixels',
    name,
    bounds,
    pixels: pixels.data,
    mask: { bounds, pixels: mask.data, defaultColor: 0 },
  }));
  return layers.length > 1 ? [{ kind: 'group', name: groupName, layers }] : layers;
}
