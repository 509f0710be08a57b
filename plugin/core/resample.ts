import type { Bounds } from '../../protocol/geometry';
import { boundsHeight, boundsWidth } from '../../protocol/geometry';
import type { Mask, Raster } from '../../protocol/raster';

/**
 * A part of a raster shrunk to fit `maxSide` (never enlarged), 8 bit: mean over the pixels under each
 * new one, colours weighted by alpha so that transparent pixels do not bleed in.
 * @param crop in the raster's pixels; what lies outside the raster is transparent black.
 */
export function shrink(source: Raster, maxSide: number, crop?: Bounds): Raster {
  const area = crop ?? { left: 0, top: 0, right: source.width, bottom: source.height };
  const { width, height } = fitted(boundsWidth(area), boundsHeight(area), maxSide);
  const scale = source.data instanceof Uint16Array ? 1 / 257 : 1;
  const stepX = boundsWidth(area) / width;
  const stepY = boundsHeight(area) / height;
  const data = new Uint8Array(width * height * 4);
  for (let y = 0; y < height; y += 1) {
    const top = Math.floor(area.top + y * stepY);
    const bottom = Math.max(top + 1, Math.floor(area.top + (y + 1) * stepY));
    for (let x = 0; x < width; x += 1) {
      const left = Math.floor(area.left + x * stepX);
      const right = Math.max(left + 1, Math.floor(area.left + (x + 1) * stepX));
      const mean = meanColour(source, { left, top, right, bottom });
      const at = (y * width + x) * 4;
      for (let c = 0; c < 4; c += 1) data[at + c] = Math.round(mean[c]! * scale);
    }
  }
  return { width, height, data };
}

/** The size that fits into a square of `maxSide`, at least one pixel, never enlarged. */
export function fitted(
  width: number,
  height: number,
  maxSide: number,
): { readonly width: number; readonly height: number } {
  const scale = Math.min(1, maxSide / Math.max(width, height, 1));
  return {
    width: Math.max(1, Math.round(width * scale)),
    height: Math.max(1, Math.round(height * scale)),
  };
}

function meanColour(source: Raster, box: Bounds): [number, number, number, number] {
  let red = 0;
  let green = 0;
  let blue = 0;
  let alpha = 0;
  for (let y = Math.max(0, box.top); y < Math.min(source.height, box.bottom); y += 1) {
    for (let x = Math.max(0, box.left); x < Math.min(source.width, box.right); x += 1) {
      const at = (y * source.width + x) * 4;
      const weight = source.data[at + 3]!;
      red += source.data[at]! * weight;
      green += source.data[at + 1]! * weight;
      blue += source.data[at + 2]! * weight;
      alpha += weight;
    }
  }
  const count = boundsWidth(box) * boundsHeight(box);
  if (alpha === 0) return [0, 0, 0, 0];
  return [red / alpha, green / alpha, blue / alpha, alpha / count];
}

/** A patch as it shows over what lies under it: alpha and mask both count. Sizes must agree. */
export function composite(under: Raster, over: Raster, mask: Mask): Raster {
  const data = new Uint8Array(under.data);
  const scale = over.data instanceof Uint16Array ? 65535 : 255;
  for (let i = 0; i < mask.data.length; i += 1) {
    const at = i * 4;
    const overAlpha = (over.data[at + 3]! / scale) * (mask.data[i]! / 255);
    const underAlpha = (under.data[at + 3]! / 255) * (1 - overAlpha);
    const alpha = overAlpha + underAlpha;
    for (let c = 0; c < 3 && alpha > 0; c += 1) {
      const colour =
        (over.data[at + c]! / scale) * 255 * overAlpha + under.data[at + c]! * underAlpha;
      data[at + c] = Math.round(colour / alpha);
    }
    data[at + 3] = Math.round(alpha * 255);
  }
  return { width: under.width, height: under.height, data };
}

/** A mask as a raster of white with the mask's values as alpha: what `shrink` takes. */
export function maskAsRaster(mask: Mask): Raster {
  const data = new Uint8Array(mask.data.length * 4).fill(255);
  for (let i = 0; i < mask.data.length; i += 1) data[i * 4 + 3] = mask.data[i]!;
  return { width: mask.width, height: mask.height, data };
}
