import { readSelection } from '../document/selection';
import type { PaintedLayer } from './calls';

/** 8-bit pixels with the mask in their alpha, as canvas takes them. */
export function paintedPixels({
  bounds,
  pixels,
  mask,
}: PaintedLayer): Uint8ClampedArray<ArrayBuffer> {
  const { data } = pixels;
  const painted = new Uint8ClampedArray(data.length);
  if (data instanceof Uint16Array) {
    // 65535 / 257 = 255; the clamped array rounds.
    for (let i = 0; i < data.length; i += 1) painted[i] = data[i]! / 257;
  } else painted.set(data);
  if (!mask) return painted;
  const shown = readSelection(mask, bounds);
  const { left, top, right, bottom } = mask.bounds;
  for (let y = 0, i = 0; y < pixels.height; y += 1) {
    const rowInside = y + bounds.top >= top && y + bounds.top < bottom;
    for (let x = 0; x < pixels.width; x += 1, i += 1) {
      const inside = rowInside && x + bounds.left >= left && x + bounds.left < right;
      const value = inside ? shown.data[i]! : mask.outside;
      painted[i * 4 + 3] = (painted[i * 4 + 3]! * value) / 255;
    }
  }
  return painted;
}

export async function paint(layer: PaintedLayer): Promise<ImageBitmap> {
  const { width, height } = layer.pixels;
  return createImageBitmap(new ImageData(paintedPixels(layer), width, height));
}
