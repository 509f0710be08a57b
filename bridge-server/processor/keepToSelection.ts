import { PspError } from '../../protocol/errors';
import { boundsHeight, boundsWidth, type Bounds } from '../../protocol/geometry';
import type { SelectionUse } from '../../protocol/placing';
import type { Mask } from '../../protocol/raster';
import type { Placement } from './placement';

/**
 * A layer's mask within the selection, or outside it, as the placement's parameters say.
 * @param bounds of the mask in the document, or in its enlarged copy
 * @throws PspError BAD_INPUT where it is to keep to a selection that there was not
 */
export function keepToSelection(
  mask: Mask,
  bounds: Bounds,
  { selection, parameters, enlargement }: Placement,
): Mask {
  const use: SelectionUse = parameters.selection ?? 'ignored';
  if (use === 'ignored') return mask;
  if (selection === null) {
    if (use === 'protected') return mask;
    throw new PspError(
      'BAD_INPUT',
      'Nothing was selected when this was made. Select the part that may change and run it again.',
    );
  }
  const data = new Uint8Array(mask.data.length);
  for (let y = 0, at = 0; y < mask.height; y++) {
    const row = (bounds.top + y + 0.5) / enlargement;
    for (let x = 0; x < mask.width; x++, at++) {
      if (mask.data[at] === 0) continue;
      const selected = readAt(selection, (bounds.left + x + 0.5) / enlargement, row);
      const share = use === 'only' ? selected : 255 - selected;
      data[at] = Math.round((mask.data[at]! * share) / 255);
    }
  }
  return { ...mask, data };
}

/** The selection at a place of the document, linear between its pixels' centres; 0 outside of what was read. */
function readAt(
  { bounds, mask }: NonNullable<Placement['selection']>,
  documentX: number,
  documentY: number,
): number {
  const [width, height] = [boundsWidth(bounds), boundsHeight(bounds)];
  const [x, y] = [documentX - bounds.left, documentY - bounds.top];
  if (x < 0 || y < 0 || x >= width || y >= height) return 0;
  const [u, v] = [x - 0.5, y - 0.5];
  const [left, top] = [Math.max(0, Math.floor(u)), Math.max(0, Math.floor(v))];
  const [right, below] = [Math.min(width - 1, left + 1), Math.min(height - 1, top + 1)];
  const [mx, my] = [Math.max(0, u - left), Math.max(0, v - top)];
  const at = (column: number, line: number): number => mask.data[line * width + column]!;
  const upper = at(left, top) * (1 - mx) + at(right, top) * mx;
  const lower = at(left, below) * (1 - mx) + at(right, below) * mx;
  return upper * (1 - my) + lower * my;
}
