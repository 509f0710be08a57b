import { passThrough } from '../document/blendModes';
import type { GroupLayer, Layer, PixelLayer } from '../document/layer';
import type { Bitmaps } from './bitmaps';

type Context = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

/** Where document pixels lie on the canvas: x · scale + left, y · scale + top. */
export interface Placement {
  readonly scale: number;
  readonly left: number;
  readonly top: number;
}

/** Draws layers bottom to top as the editor would: masks, opacity, blending, clipping, groups. */
export function drawLayers(
  context: Context,
  layers: readonly Layer[],
  bitmaps: Bitmaps,
  placement: Placement,
): void {
  for (let index = 0; index < layers.length; index += 1) {
    const layer = layers[index]!;
    const clipped = clippedAbove(layers, index);
    index += clipped.length;
    if (!layer.visible || layer.opacity === 0) continue;
    if (layer.kind === 'group') drawGroup(context, layer, bitmaps, placement);
    else if (clipped.length === 0) drawPixels(context, layer, bitmaps, placement);
    else drawClippingStack(context, layer, clipped, bitmaps, placement);
  }
}

/** The layers directly above that show only where this one does. */
function clippedAbove(layers: readonly Layer[], index: number): readonly PixelLayer[] {
  const clipped: PixelLayer[] = [];
  for (let next = layers[index + 1]; next?.kind === 'pixel' && next.clipped;) {
    clipped.push(next);
    next = layers[index + 1 + clipped.length];
  }
  return clipped;
}

function drawPixels(
  context: Context,
  layer: PixelLayer,
  bitmaps: Bitmaps,
  placement: Placement,
): void {
  const bitmap = bitmaps.of(layer);
  if (!bitmap) return;
  context.globalAlpha = layer.opacity;
  context.globalCompositeOperation = layer.blendMode as GlobalCompositeOperation;
  place(context, bitmap, layer.bounds, placement);
  context.globalAlpha = 1;
  context.globalCompositeOperation = 'source-over';
}

function place(
  context: Context,
  image: CanvasImageSource,
  bounds: PixelLayer['bounds'],
  { scale, left, top }: Placement,
): void {
  // Whole device pixels, so that neighbouring layers show no seam.
  const x = Math.round(bounds.left * scale + left);
  const y = Math.round(bounds.top * scale + top);
  const right = Math.round(bounds.right * scale + left);
  const bottom = Math.round(bounds.bottom * scale + top);
  context.drawImage(image, x, y, right - x, bottom - y);
}

function drawGroup(
  context: Context,
  group: GroupLayer,
  bitmaps: Bitmaps,
  placement: Placement,
): void {
  if (group.blendMode === passThrough && group.opacity === 1 && !group.mask) {
    drawLayers(context, group.children, bitmaps, placement);
    return;
  }
  const own = surfaceLike(context);
  drawLayers(own, group.children, bitmaps, placement);
  const mask = group.mask && bitmaps.ofMask(group.mask);
  if (group.mask && mask) {
    own.globalCompositeOperation = 'destination-in';
    // Where the mask ends its `outside` holds; only "hidden outside" cuts beyond its bounds.
    if (group.mask.outside === 0) place(own, mask, group.mask.bounds, placement);
    own.globalCompositeOperation = 'source-over';
  }
  const blendMode = group.blendMode === passThrough ? 'source-over' : group.blendMode;
  drawSurface(context, own, group.opacity, blendMode);
}

function drawClippingStack(
  context: Context,
  base: PixelLayer,
  clipped: readonly PixelLayer[],
  bitmaps: Bitmaps,
  placement: Placement,
): void {
  const bitmap = bitmaps.of(base);
  if (!bitmap) return;
  const own = surfaceLike(context);
  place(own, bitmap, base.bounds, placement);
  for (const layer of clipped) if (layer.visible) drawPixels(own, layer, bitmaps, placement);
  own.globalCompositeOperation = 'destination-in';
  place(own, bitmap, base.bounds, placement);
  drawSurface(context, own, base.opacity, base.blendMode);
}

function drawSurface(context: Context, own: Context, opacity: number, blendMode: string): void {
  context.globalAlpha = opacity;
  context.globalCompositeOperation = blendMode as GlobalCompositeOperation;
  context.drawImage(own.canvas, 0, 0);
  context.globalAlpha = 1;
  context.globalCompositeOperation = 'source-over';
}

function surfaceLike({ canvas }: Context): OffscreenCanvasRenderingContext2D {
  return new OffscreenCanvas(canvas.width, canvas.height).getContext('2d')!;
}
