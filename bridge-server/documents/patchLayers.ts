import type { NewLayer } from '../../psd';
import type { LayerPatch } from '../processor/job';

/** Patches as layers with real masks: in a group when there are several; of a face's variants the first shows. */
export function patchLayers(patches: readonly LayerPatch[], groupName: string): NewLayer[] {
  const layers = patches.map(({ name, bounds, pixels, mask, variant }): NewLayer => ({
    kind: 'pixels',
    name,
    visible: variant === 1,
    bounds,
    pixels: pixels.data,
    mask: { bounds, pixels: mask.data, defaultColor: 0 },
  }));
  return layers.length > 1 ? [{ kind: 'group', name: groupName, layers }] : layers;
}
