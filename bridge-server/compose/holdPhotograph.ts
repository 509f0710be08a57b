import { boundsHeight, boundsWidth, type Bounds } from '../../protocol/geometry';
import { rasterMax, type Raster } from '../../protocol/raster';
import { resizeRaster } from '../image/resizeRaster';
import type { PlacedFace } from './renderFace';

/** Each leaves about a third of the difference; more would end as fringes beside outlines. */
const maxRounds = 3;
/** In 8-bit grey levels: nearer is not asked for. */
const enough = 0.75;
/** Pixels of the photograph around the patch that the shrinking filter sees. */
const reach = 4;
/** Rows of the photograph that are worked on at once: all of a large face, enlarged, would fill the memory. */
const bandRows = 256;

/**
 * Changes the patch, in place, until the enlarged picture with it, shrunk again by Lanczos, is the photograph
 * (iterative back-projection, Irani & Peleg 1991). No pixel is moved out of what the photograph shows around it:
 * what is asked for at an outline would end as fringes beside it.
 * @param photograph what `enlarged` was enlarged from, `factor` times
 * @param rowsAtOnce of the photograph: what it comes to does not depend on them
 */
export async function holdPhotograph(
  photograph: Raster,
  enlarged: Raster,
  factor: number,
  patch: PlacedFace,
  rowsAtOnce = bandRows,
): Promise<void> {
  if (patch.mask.data.length === 0) return;
  const small = smallBounds(patch.bounds, factor, photograph);
  const bands = bandsOf(small, rowsAtOnce);
  for (let round = 0; round < maxRounds; round++) {
    const missing = new Uint16Array(boundsWidth(small) * boundsHeight(small) * 4);
    let largest = 0;
    for (const band of bands) {
      const { around } = band;
      const whole = cropWithPatch(enlarged, around, factor, patch);
      const shrunk = await resizeRaster(whole, boundsWidth(around), boundsHeight(around));
      largest = Math.max(largest, putDifference(photograph, small, band, shrunk, missing));
    }
    if (largest < enough) return;
    for (const band of bands) {
      const seen = rowsOf(missing, small, band.around);
      const fine = await resizeRaster(seen, seen.width * factor, seen.height * factor);
      addDifference(photograph, fine, band, factor, patch);
    }
  }
}

interface Band {
  readonly top: number;
  readonly bottom: number;
  /** With the rows that the filters see besides. */
  readonly around: Bounds;
}

function bandsOf({ left, top, right, bottom }: Bounds, rows: number): readonly Band[] {
  const bands: Band[] = [];
  for (let from = top; from < bottom; from += rows) {
    const to = Math.min(bottom, from + rows);
    const around = {
      ...{ left, right },
      top: Math.max(top, from - reach),
      bottom: Math.min(bottom, to + reach),
    };
    bands.push({ top: from, bottom: to, around });
  }
  return bands;
}

const rowsOf = (samples: Uint16Array, small: Bounds, { top, bottom }: Bounds): Raster => {
  const width = boundsWidth(small);
  const data = samples.subarray((top - small.top) * width * 4, (bottom - small.top) * width * 4);
  return { width, height: bottom - top, data };
};

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
  const first = Math.max(0, top - bounds.top);
  for (let y = first; y < Math.min(mask.height, top + height - bounds.top); y++) {
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

/** Differences travel as 16-bit samples around the middle, half as large as they are. */
const middle = 32768;

/**
 * What a band of the photograph has more than the shrunk picture.
 * @param missing of all rows of `small`
 * @returns the largest difference, in 8-bit grey levels
 */
function putDifference(
  photograph: Raster,
  small: Bounds,
  { top, bottom, around }: Band,
  shrunk: Raster,
  missing: Uint16Array,
): number {
  let largest = 0;
  const unit = 32767 / rasterMax(photograph);
  for (let y = top; y < bottom; y++) {
    let from = (y * photograph.width + small.left) * 4;
    let at = (y - around.top) * shrunk.width * 4;
    let to = (y - small.top) * shrunk.width * 4;
    for (let x = 0; x < shrunk.width; x++, from += 4, at += 4, to += 4) {
      for (let c = 0; c < 3; c++) {
        const difference = photograph.data[from + c]! - shrunk.data[at + c]!;
        largest = Math.max(largest, Math.abs(difference));
        missing[to + c] = middle + difference * unit;
      }
      missing[to + 3] = 65535;
    }
  }
  return (largest * 255) / rasterMax(photograph);
}

/** @param missing of the rows around the band, enlarged */
function addDifference(
  photograph: Raster,
  missing: Raster,
  { top, bottom, around }: Band,
  factor: number,
  { bounds, pixels, mask }: PlacedFace,
): void {
  const unit = rasterMax(pixels) / 32767;
  const first = Math.max(0, top * factor - bounds.top);
  let nearby = { row: -1, ...nothingShown };
  for (let y = first; y < Math.min(mask.height, bottom * factor - bounds.top); y++) {
    const seen = Math.floor((y + bounds.top) / factor);
    if (seen !== nearby.row) nearby = { row: seen, ...extremesAround(photograph, seen, around) };
    const row = (y + bounds.top - around.top * factor) * missing.width;
    let from = (row + bounds.left - around.left * factor) * 4;
    for (let x = 0, at = y * mask.width; x < mask.width; x++, at++, from += 4) {
      if (mask.data[at] === 0) continue;
      const cell = (Math.floor((x + bounds.left) / factor) - around.left) * 3;
      for (let c = 0; c < 3; c++) {
        const value = pixels.data[at * 4 + c]!;
        const wanted = value + (missing.data[from + c]! - middle) * unit;
        const least = Math.min(value, nearby.least[cell + c]!);
        const greatest = Math.max(value, nearby.greatest[cell + c]!);
        pixels.data[at * 4 + c] =
          wanted <= least ? least : wanted >= greatest ? greatest : wanted + 0.5;
      }
    }
  }
}

/** By column and channel. */
interface RowExtremes {
  readonly least: Uint16Array;
  readonly greatest: Uint16Array;
}
const nothingShown: RowExtremes = { least: new Uint16Array(), greatest: new Uint16Array() };

/** Of every pixel of a row and the eight around it, from `left` to `right`. */
function extremesAround(
  { width, height, data }: Raster,
  row: number,
  { left, right }: Bounds,
): RowExtremes {
  const least = new Uint16Array((right - left) * 3).fill(65535);
  const greatest = new Uint16Array(least.length);
  for (let y = Math.max(0, row - 1); y <= Math.min(height - 1, row + 1); y++) {
    for (let x = Math.max(0, left - 1); x < Math.min(width, right + 1); x++) {
      for (let c = 0; c < 3; c++) {
        const value = data[(y * width + x) * 4 + c]!;
        for (let at = Math.max(left, x - 1); at <= Math.min(right - 1, x + 1); at++) {
          const to = (at - left) * 3 + c;
          if (value < least[to]!) least[to] = value;
          if (value > greatest[to]!) greatest[to] = value;
        }
      }
    }
  }
  return { least, greatest };
}
