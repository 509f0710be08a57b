import { boundsHeight, boundsWidth, type Bounds } from '../../protocol/geometry';
import { rasterMax, type Raster } from '../../protocol/raster';
import { resizeRaster } from '../image/resizeRaster';
import type { PlacedFace } from './renderFace';

/** Each leaves about a third of the difference. */
const maxRounds = 8;
/** In 8-bit grey levels: nearer is not asked for. */
const enough = 0.75;
/** Pixels of the photograph around the patch that the shrinking filter sees. */
const reach = 4;

/**
 * Changes the patch, in place, until the enlarged picture with it, shrunk again by Lanczos, is the photograph
 * (iterative back-projection, Irani & Peleg 1991).
 * @param photograph what `enlarged` was enlarged from, `factor` times
 */
export async function holdPhotograph(
  photograph: Raster,
  enlarged: Raster,
  factor: number,
  patch: PlacedFace,
): Promise<void> {
  if (patch.mask.data.length === 0) return;
  const small = smallBounds(patch.bounds, factor, photograph);
  const [width, height] = [boundsWidth(small), boundsHeight(small)];
  for (let round = 0; round < maxRounds; round++) {
    const whole = cropWithPatch(enlarged, small, factor, patch);
    const shrunk = await resizeRaster(whole, width, height);
    const missing = difference(photograph, small, shrunk);
    if (missing.largest < enough) return;
    addDifference(
      await resizeRaster(missing.picture, width * factor, height * factor),
      small,
      factor,
      patch,
    );
  }
}

function smallBounds(bounds: Bounds, factor: number, { width, height }: Raster): Bounds {
  return {
    left: Math.max(0, Math.floor(bounds.left / factor) - reach),
    top: Math.max(0, Math.floor(bounds.top / factor) - reach),
    right: Math.min(width, Math.ceil(bounds.right / factor) + reach),
    bottom: Math.min(height, Math.ceil(bounds.bottom / factor) + reach),
  };
}

function cropWithPatch(
  enlarged: Raster,
  small: Bounds,
  factor: number,
  { bounds, pixels, mask }: PlacedFace,
): Raster {
  const [left, top] = [small.left * factor, small.top * factor];
  const [width, height] = [boundsWidth(small) * factor, boundsHeight(small) * factor];
  const length = width * height * 4;
  const deep = enlarged.data instanceof Uint16Array;
  const data = deep ? new Uint16Array(length) : new Uint8Array(length);
  for (let y = 0; y < height; y++) {
    const from = ((top + y) * enlarged.width + left) * 4;
    data.set(enlarged.data.subarray(from, from + width * 4), y * width * 4);
  }
  for (let y = 0; y < mask.height; y++) {
    let to = ((y + bounds.top - top) * width + bounds.left - left) * 4;
    for (let x = 0, at = y * mask.width; x < mask.width; x++, at++, to += 4) {
      const weight = mask.data[at]! / 255;
      if (weight === 0) continue;
      for (let c = 0; c < 3; c++) {
        data[to + c] = data[to + c]! * (1 - weight) + pixels.data[at * 4 + c]! * weight + 0.5;
      }
    }
  }
  return { width, height, data };
}

/** Of 255: below it a pixel is too thin to set anything right. */
const leastWeight = 50;

/** Differences travel as 16-bit samples around the middle, half as large as they are. */
const middle = 32768;

function difference(
  photograph: Raster,
  small: Bounds,
  shrunk: Raster,
): { readonly picture: Raster; readonly largest: number } {
  let largest = 0;
  const unit = 32767 / rasterMax(photograph);
  const data = new Uint16Array(shrunk.data.length);
  for (let y = 0, to = 0; y < shrunk.height; y++) {
    let from = ((small.top + y) * photograph.width + small.left) * 4;
    for (let x = 0; x < shrunk.width; x++, from += 4, to += 4) {
      for (let c = 0; c < 3; c++) {
        const missing = photograph.data[from + c]! - shrunk.data[to + c]!;
        largest = Math.max(largest, Math.abs(missing));
        data[to + c] = middle + missing * unit;
      }
      data[to + 3] = 65535;
    }
  }
  return {
    picture: { width: shrunk.width, height: shrunk.height, data },
    largest: (largest * 255) / rasterMax(photograph),
  };
}

function addDifference(
  missing: Raster,
  small: Bounds,
  factor: number,
  { bounds, pixels, mask }: PlacedFace,
): void {
  const max = rasterMax(pixels);
  const unit = max / 32767;
  for (let y = 0; y < mask.height; y++) {
    const row = (y + bounds.top - small.top * factor) * missing.width;
    let from = (row + bounds.left - small.left * factor) * 4;
    for (let x = 0, at = y * mask.width; x < mask.width; x++, at++, from += 4) {
      const weight = mask.data[at]!;
      if (weight === 0) continue;
      // What is shown in part has to change by more.
      const gain = (unit * 255) / Math.max(weight, leastWeight);
      for (let c = 0; c < 3; c++) {
        const value = pixels.data[at * 4 + c]! + (missing.data[from + c]! - middle) * gain;
        pixels.data[at * 4 + c] = value <= 0 ? 0 : value >= max ? max : value + 0.5;
      }
    }
  }
}
