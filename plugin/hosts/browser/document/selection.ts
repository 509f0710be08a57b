import {
  boundsHeight,
  boundsWidth,
  intersectBounds,
  unionBounds,
  type Bounds,
} from '../../../../protocol/geometry';
import type { Mask } from '../../../../protocol/raster';
import { distanceToLine, lineBounds, type Line } from './brush';

/** What is selected: nothing outside `bounds`, inside as the mask says (255 = fully). Immutable. */
export interface Selection {
  readonly bounds: Bounds;
  readonly mask: Mask;
  /** How soft its edge was made, and what it was before; absent while it is as drawn. */
  readonly feather?: { readonly of: Selection; readonly radius: number };
}

/** `null` when the rectangle is empty. */
export function rectangleSelection(bounds: Bounds): Selection | null {
  const width = boundsWidth(bounds);
  const height = boundsHeight(bounds);
  if (width <= 0 || height <= 0) return null;
  return { bounds, mask: { width, height, data: new Uint8Array(width * height).fill(255) } };
}

/** Two selections as one: either, or the first without the second. `null` when nothing is left. */
export function combineSelections(
  first: Selection | null,
  second: Selection | null,
  mode: 'add' | 'subtract',
): Selection | null {
  if (!first || !second) return mode === 'add' ? (first ?? second) : first;
  const bounds = mode === 'add' ? unionBounds([first.bounds, second.bounds]) : first.bounds;
  const mask = readSelection(first, bounds);
  const other = readSelection(second, bounds).data;
  for (let i = 0; i < other.length; i += 1) {
    const [old, value] = [mask.data[i]!, other[i]!];
    mask.data[i] = mode === 'add' ? Math.max(old, value) : Math.min(old, 255 - value);
  }
  return mask.data.some((value) => value > 0) ? { bounds, mask } : null;
}

/** What of the canvas is not selected; nothing selected gives all of it. */
export const invertSelection = (selection: Selection | null, canvas: Bounds): Selection | null =>
  combineSelections(rectangleSelection(canvas), selection, 'subtract');

/** The selection's values in a rectangle, 0 outside it. */
export function readSelection(selection: Selection, bounds: Bounds): Mask {
  const width = boundsWidth(bounds);
  const height = boundsHeight(bounds);
  const data = new Uint8Array(width * height);
  const shared = intersectBounds(selection.bounds, bounds);
  const columns = boundsWidth(shared);
  for (let y = shared.top; y < shared.bottom; y += 1) {
    const from =
      (y - selection.bounds.top) * selection.mask.width + shared.left - selection.bounds.left;
    data.set(
      selection.mask.data.subarray(from, from + columns),
      (y - bounds.top) * width + shared.left - bounds.left,
    );
  }
  return { width, height, data };
}

/**
 * Paints a round brush along a line into a selection, or takes it away.
 * The edge is antialiased over one pixel: coverage = clamp(radius + ½ − distance).
 */
export function brushSelection(
  selection: Selection | null,
  line: Line,
  radius: number,
  mode: 'add' | 'subtract',
  canvas: Bounds,
): Selection | null {
  const painted = lineBounds(line, radius, canvas);
  if (boundsWidth(painted) === 0 || boundsHeight(painted) === 0) return selection;
  if (mode === 'subtract' && !selection) return null;
  const bounds = mode === 'add' && selection ? unionBounds([selection.bounds, painted]) : painted;
  const area = mode === 'add' ? bounds : selection!.bounds;
  const mask = selection ? readSelection(selection, area) : emptyMask(area);
  const touched = intersectBounds(painted, area);
  for (let y = touched.top; y < touched.bottom; y += 1) {
    for (let x = touched.left; x < touched.right; x += 1) {
      const distance = distanceToLine({ x: x + 0.5, y: y + 0.5 }, line);
      const cover = Math.round(255 * Math.min(1, Math.max(0, radius + 0.5 - distance)));
      const at = (y - area.top) * mask.width + x - area.left;
      const old = mask.data[at]!;
      mask.data[at] = mode === 'add' ? Math.max(old, cover) : Math.min(old, 255 - cover);
    }
  }
  return mask.data.some((value) => value > 0) ? { bounds: area, mask } : null;
}

function emptyMask(bounds: Bounds): Mask {
  const width = boundsWidth(bounds);
  const height = boundsHeight(bounds);
  return { width, height, data: new Uint8Array(width * height) };
}
