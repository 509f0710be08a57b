import { PspError } from '../../protocol/errors';
import {
  boundsHeight,
  boundsOfPoints,
  boundsWidth,
  intersectBounds,
} from '../../protocol/geometry';
import type { Bounds, Quad } from '../../protocol/geometry';
import type { Mask, Raster } from '../../protocol/raster';
import { rasterMax } from '../../protocol/raster';
import { addColourField, rimColourField } from './colourField';
import { padPlanes } from './floatImage';
import { frameOfQuad, frameSide, invertFrame } from './frame';
import { addGrain, missingGrain } from './grain';
import type { Grain } from './grain';
import { noiseLevel } from './noiseLevel';
import type { FacePlanes } from './planes';
import { cubicKernel, kernelMargin, lanczosKernel, sampleLine } from './sampleLine';

export interface PasteOptions {
  /** Shift the patch's colours so that they meet the region's around the mask's rim. */
  readonly matchColour: boolean;
  /** Add as much grain as the region has and the patch lacks. */
  readonly matchGrain: boolean;
  /** Draws the grain. */
  readonly seed: number;
  /**
   * `source` (default): the patch is as transparent as the region below it, so that a cut-out stays
   * one. `opaque`: it also covers transparent pixels, for filling holes.
   */
  readonly transparency?: 'source' | 'opaque';
}

export interface PastedFace {
  /** In the region's pixels, within the region. */
  readonly bounds: Bounds;
  /** Straight alpha, the region's depth; outside the quad everything is 0. */
  readonly pixels: Raster;
  readonly mask: Mask;
}

/**
 * Warps an aligned picture back to where its quad lies: the exact inverse of `alignFace`, bicubic
 * where it enlarges, antialiased where it shrinks.
 * @param image [3, size, size] in 0..1
 * @param mask [size, size] in 0..1
 * @throws PspError BAD_INPUT when the quad is no square or does not touch the region.
 */
export function pasteFace(
  region: Raster,
  quad: Quad,
  image: FacePlanes,
  mask: Float32Array,
  options: PasteOptions,
): PastedFace {
  const whole = { left: 0, top: 0, right: region.width, bottom: region.height };
  const bounds = intersectBounds(boundsOfPoints(quad), whole);
  if (boundsWidth(bounds) * boundsHeight(bounds) === 0) {
    throw new PspError('BAD_INPUT', 'The face lies outside of the pixels. Find the faces again.');
  }
  const matched = options.matchColour
    ? addColourField(image, rimColourField(region, quad, image, mask))
    : image;
  const pasted = warpBack(region, quad, bounds, matched, mask, options.transparency === 'opaque');
  if (options.matchGrain) matchGrain(region, pasted, options.seed);
  return pasted;
}

function warpBack(
  region: Raster,
  quad: Quad,
  bounds: Bounds,
  { size, rgb }: FacePlanes,
  mask: Float32Array,
  opaque: boolean,
): PastedFace {
  const frame = frameOfQuad(quad);
  const inverse = invertFrame(frame);
  // Image pixels per region pixel: above 1 the patch shrinks.
  const scale = size / frameSide(frame);
  const shrink = Math.max(1, Math.floor(scale / 1.5));
  const kernel = scale < 1 ? cubicKernel(1) : lanczosKernel(scale / shrink);
  const margin = kernelMargin(kernel);
  const source = padPlanes({ size, rgb, mask }, shrink, margin);
  const unit = size / shrink;
  const width = boundsWidth(bounds);
  const height = boundsHeight(bounds);
  const max = rasterMax(region);
  const data =
    max === 255 ? new Uint8Array(width * height * 4) : new Uint16Array(width * height * 4);
  const weights = new Uint8Array(width * height);
  const line = new Float32Array(width * 4);
  for (let y = 0; y < height; y++) {
    const cy = bounds.top + y + 0.5;
    const u0 = inverse.x + (bounds.left + 0.5) * inverse.ux + cy * inverse.vx;
    const v0 = inverse.y + (bounds.left + 0.5) * inverse.uy + cy * inverse.vy;
    const [first, last] = spanInside(u0, inverse.ux, v0, inverse.uy, width);
    if (last < first) continue;
    sampleLine(
      source,
      kernel,
      {
        x: margin + (u0 + first * inverse.ux) * unit,
        y: margin + (v0 + first * inverse.uy) * unit,
        dx: inverse.ux * unit,
        dy: inverse.uy * unit,
        count: last - first + 1,
      },
      line,
    );
    let below = ((bounds.top + y) * region.width + bounds.left + first) * 4 + 3;
    for (let x = first, from = 0; x <= last; x++, from += 4, below += 4) {
      const to = (y * width + x) * 4;
      data[to] = toWhole(line[from]!, max);
      data[to + 1] = toWhole(line[from + 1]!, max);
      data[to + 2] = toWhole(line[from + 2]!, max);
      data[to + 3] = opaque ? max : region.data[below]!;
      weights[y * width + x] = toWhole(line[from + 3]!, 255);
    }
  }
  return {
    bounds,
    pixels: { width, height, data },
    mask: { width, height, data: weights },
  };
}

/** The first and last x in 0..width−1 for which u0 + x·du and v0 + x·dv both lie within 0..1. */
function spanInside(
  u0: number,
  du: number,
  v0: number,
  dv: number,
  width: number,
): readonly [number, number] {
  let first = 0;
  let last = width - 1;
  for (const [start, step] of [
    [u0, du],
    [v0, dv],
  ] as const) {
    if (Math.abs(step) < 1e-12) {
      if (start < 0 || start > 1) return [0, -1];
      continue;
    }
    const [a, b] = [-start / step, (1 - start) / step];
    first = Math.max(first, Math.ceil(Math.min(a, b)));
    last = Math.min(last, Math.floor(Math.max(a, b)));
  }
  return [first, last];
}

/** Measures the region under the mask and the patch alike, and adds the difference. */
function matchGrain(region: Raster, { bounds, pixels, mask }: PastedFace, seed: number): void {
  const covered = (x: number, y: number): boolean =>
    x >= 0 && y >= 0 && x < mask.width && y < mask.height && mask.data[y * mask.width + x]! > 0;
  const below = (x: number, y: number): boolean => covered(x - bounds.left, y - bounds.top);
  const measure = (raster: Raster, take: typeof covered): Grain => ({
    fine: noiseLevel(raster, 1, take),
    coarse: noiseLevel(raster, 2, take),
  });
  const missing = missingGrain(measure(region, below), measure(pixels, covered));
  const levels = [missing.fine, missing.coarse].flatMap(({ shared, single }) => [shared, single]);
  if (Math.max(...levels) > invisible) addGrain(pixels, mask.data, missing, seed);
}

/** A twentieth of an 8-bit grey level. */
const invisible = 0.0002;

const toWhole = (value: number, max: number): number =>
  value <= 0 ? 0 : value >= 1 ? max : (value * max + 0.5) | 0;
