import {
  boundsHeight,
  boundsWidth,
  intersectBounds,
  unionBounds,
  type Bounds,
} from '../../../../protocol/geometry';
import { PspError } from '../../../../protocol/errors';
import type { Mask } from '../../../../protocol/raster';
import type { LayerTarget, MaskedArea } from '../../../core/document';
import { depthOf, gray } from './documentColour';
import type { Editor } from './editor';
import { requireLayer } from './lookUp';
import { fromMask } from './samples';
import { oneStep } from './undoStep';
import { put } from './writeLayer';

/** Instead of what was selected. @throws PspError BAD_INPUT where nothing of it lies on the canvas */
export function selectAreas(
  { api, enter }: Editor,
  target: LayerTarget,
  commandName: string,
  areas: readonly MaskedArea[],
): Promise<void> {
  return enter(commandName, async (context) => {
    const { document } = requireLayer(api, target);
    const canvas = { left: 0, top: 0, right: document.width, bottom: document.height };
    const bounds = intersectBounds(unionBounds(areas.map((area) => area.bounds)), canvas);
    if (boundsWidth(bounds) <= 0 || boundsHeight(bounds) <= 0) {
      throw new PspError('BAD_INPUT', 'That part lies outside the canvas. Move the layer into it.');
    }
    const mask = join(areas, bounds);
    const form = {
      ...{ width: mask.width, height: mask.height },
      ...({ components: 1, colorSpace: 'Grayscale', colorProfile: gray } as const),
    };
    const place = { documentID: document.id, targetBounds: bounds, replace: true, commandName };
    await oneStep(context, document, commandName, () =>
      put(api, fromMask(mask, depthOf(api, document)), form, (imageData) =>
        api.imaging.putSelection({ ...place, imageData }),
      ),
    );
  });
}

/** The more selected where they overlap. */
function join(areas: readonly MaskedArea[], bounds: Bounds): Mask {
  const [width, height] = [boundsWidth(bounds), boundsHeight(bounds)];
  const data = new Uint8Array(width * height);
  for (const area of areas) {
    const common = intersectBounds(area.bounds, bounds);
    for (let y = common.top; y < common.bottom; y++) {
      const from = (y - area.bounds.top) * area.mask.width - area.bounds.left;
      const to = (y - bounds.top) * width - bounds.left;
      for (let x = common.left; x < common.right; x++) {
        data[to + x] = Math.max(data[to + x]!, area.mask.data[from + x]!);
      }
    }
  }
  return { width, height, data };
}
