import type { PsdBounds } from '../document';
import { boundsWidth } from '../document';
import type { NewLayer, NewMask, NewPixelLayer } from '../write/newLayer';
import { depthOf, sampleMaximum } from '../samples';

/** Columns of one row of the document, right exclusive. */
export interface Span {
  readonly left: number;
  readonly right: number;
}

/** What is painted: a colour, or full coverage, which turns a row of alpha into the row's alpha. */
export type Component = 0 | 1 | 2 | 'coverage';

/**
 * Paints layers over one component of one row, normal blending: b ← b + (s − b) · α, with
 * α = pixel alpha · opacity · mask. A pass-through group with opacity or a mask fades its effect
 * the same way. `row` holds 0..1 for `span`; opaque backdrops, and backdrops blended with a matte
 * colour as Photoshop stores them, stay so.
 */
export function paintRow(
  layers: readonly NewLayer[],
  component: Component,
  y: number,
  span: Span,
  row: Float64Array,
): void {
  for (const layer of layers) {
    if (layer.visible === false) continue;
    // The file holds opacity as a byte.
    const opacity = Math.round((layer.opacity ?? 1) * 255) / 255;
    if (layer.kind === 'pixels') {
      paintPixels(layer, opacity, component, y, span, row);
    } else if (opacity === 1 && !layer.mask) {
      paintRow(layer.layers, component, y, span, row);
    } else {
      const before = row.slice();
      paintRow(layer.layers, component, y, span, row);
      const mask = maskRow(layer.mask, y);
      for (let i = 0; i < row.length; i++) {
        row[i] = before[i]! + (row[i]! - before[i]!) * opacity * mask(span.left + i);
      }
    }
  }
}

function paintPixels(
  layer: NewPixelLayer,
  opacity: number,
  component: Component,
  y: number,
  span: Span,
  row: Float64Array,
): void {
  const { bounds, pixels } = layer;
  if (y < bounds.top || y >= bounds.bottom) return;
  const left = Math.max(span.left, bounds.left);
  const right = Math.min(span.right, bounds.right);
  const maximum = sampleMaximum(depthOf(pixels));
  const scale = 1 / maximum;
  const mask = maskRow(layer.mask, y);
  const unmasked = !layer.mask && opacity === 1;
  const channel = component === 'coverage' ? 3 : component;
  let at = ((y - bounds.top) * boundsWidth(bounds) + left - bounds.left) * 4;
  for (let x = left; x < right; x++, at += 4) {
    // Most pixels of most layers hide what is below.
    if (unmasked && pixels[at + 3] === maximum) {
      row[x - span.left] = pixels[at + channel]! * scale;
      continue;
    }
    const alpha = pixels[at + 3]! * scale * opacity * mask(x);
    if (alpha === 0) continue;
    const i = x - span.left;
    const value = component === 'coverage' ? 1 : pixels[at + component]! * scale;
    // Exact at full cover, where b + (s − b) may miss s by a rounding.
    row[i] = alpha === 1 ? value : row[i]! + (value - row[i]!) * alpha;
  }
}

/** The mask along one row, 0..1. */
function maskRow(mask: NewMask | undefined, y: number): (x: number) => number {
  if (!mask) return () => 1;
  const { bounds, pixels } = mask;
  const outside = mask.defaultColor / 255;
  if (y < bounds.top || y >= bounds.bottom) return () => outside;
  const start = (y - bounds.top) * boundsWidth(bounds) - bounds.left;
  return (x) => (x < bounds.left || x >= bounds.right ? outside : pixels[start + x]! / 255);
}

/** What the visible layers may touch, cut to the canvas; `null` when that is nothing. */
export function paintedBounds(
  layers: readonly NewLayer[],
  canvas: { readonly width: number; readonly height: number },
): PsdBounds | null {
  const all = visiblePixels(layers).map(({ bounds }) => bounds);
  const left = Math.max(0, Math.min(...all.map((bounds) => bounds.left)));
  const top = Math.max(0, Math.min(...all.map((bounds) => bounds.top)));
  const right = Math.min(canvas.width, Math.max(...all.map((bounds) => bounds.right)));
  const bottom = Math.min(canvas.height, Math.max(...all.map((bounds) => bounds.bottom)));
  return left < right && top < bottom ? { left, top, right, bottom } : null;
}

/** Whether a visible layer may touch the row. */
export const isRowPainted = (layers: readonly NewLayer[], y: number): boolean =>
  visiblePixels(layers).some(({ bounds }) => y >= bounds.top && y < bounds.bottom);

const visiblePixels = (layers: readonly NewLayer[]): readonly NewPixelLayer[] =>
  layers.flatMap((layer) => {
    if (layer.visible === false) return [];
    return layer.kind === 'group' ? visiblePixels(layer.layers) : [layer];
  });
